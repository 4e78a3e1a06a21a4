/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { address, http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Lists all categories, siblings in order. */
export const categoryList = () => http.get<Answer<"category_list">>("/categories");

/** A picture's bytes. The address never changes its content, so it may be kept for a year. */
export const mediaGet = (id: string) => address(`/media/${id}`);

/** Lists or searches products. */
export const productList = (filter?: Filter<"product_list">) =>
  http.get<Answer<"product_list">>("/products", filter);

/** Creates a product. */
export const productCreate = (body: Body<"product_create">, intent?: Intent) =>
  http.post<Answer<"product_create">>("/products", body, intent);

/** Reads one product with its SKUs. */
export const productGet = (id: string) => http.get<Answer<"product_get">>(`/products/${id}`);

/** Changes a product. */
export const productChange = (id: string, body: Body<"product_change">, intent?: Intent) =>
  http.patch<Answer<"product_change">>(`/products/${id}`, body, intent);

/** Looks SKUs up by one of code, barcode or identifiers. */
export const skuList = (filter?: Filter<"sku_list">) =>
  http.get<Answer<"sku_list">>("/skus", filter);

/** Makes a SKU of others: what can be had of it is what can be had of them. Answers its product. */
export const kitSet = (id: string, body: Body<"kit_set">, intent?: Intent) =>
  http.put<Answer<"kit_set">>(`/skus/${id}/components`, body, intent);

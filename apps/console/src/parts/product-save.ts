/** Saving a part of a product over the version that was read; the page shows what came of it at once. */
import { type Product, useAction } from "@storeloop/api";
import { toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useWords } from "../words/index.ts";

type Save<B> = (body: B, intent: { key: string; ifMatch: number }) => Promise<Product>;

export function useProductSave<B>(product: Product, save: Save<B>, onDone: () => void) {
  const t = useWords();
  const queries = useQueryClient();
  return useAction((body: B, intent) => save(body, { ...intent, ifMatch: product.version }), {
    onSuccess: (updated) => {
      queries.setQueryData(["object", product.id], updated);
      toast(t.products.saved);
      onDone();
    },
  });
}

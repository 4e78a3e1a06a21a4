/** Finds the article somebody holds in their hand: by scanner, by camera, or by a word of its name. */
import { productGet, productList, type SkuWithProduct } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  EmptyState,
  List,
  ListItem,
  Money,
  Picture,
  QueryView,
  SearchInput,
  Stack,
  useDelayed,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { ScanBox } from "./skus.tsx";

/** As many as fit above the fold. */
const FEW = 6;

/** What is known of an article that was found. */
export type Found = Pick<SkuWithProduct, "id" | "option"> & {
  product: Pick<SkuWithProduct["product"], "name" | "image">;
};

export function SkuFinder({ label, onFound }: { label: string; onFound: (sku: Found) => void }) {
  const t = useWords();
  const [unknown, setUnknown] = useState<string>();
  const [q, setQ] = useState("");
  const [productId, setProductId] = useState<string | null>(null);
  const wanted = useDelayed(q.trim());
  const found = (sku: Found) => {
    setUnknown(undefined);
    setQ("");
    setProductId(null);
    onFound(sku);
  };
  return (
    <Stack gap={2}>
      <ScanBox
        label={label}
        error={unknown}
        onFound={found}
        onUnknown={() => setUnknown(t.goods.unknown)}
      />
      <SearchInput
        label={t.finder.byName}
        value={q}
        onChange={(value) => {
          setQ(value);
          setProductId(null);
        }}
      />
      {wanted !== "" && q !== "" && productId === null && (
        <Products q={wanted} onChoose={setProductId} />
      )}
      {productId !== null && <Variants productId={productId} onFound={found} />}
    </Stack>
  );
}

function Products({ q, onChoose }: { q: string; onChoose: (id: string) => void }) {
  const t = useWords();
  const { text } = useI18n();
  const products = useQuery({
    queryKey: ["products", "few", q],
    queryFn: () => productList({ q, limit: FEW }),
  });
  return (
    <QueryView
      query={products}
      empty={(page) =>
        page.items.length === 0 ? <EmptyState icon="search" title={t.stock.none} /> : null
      }
    >
      {(page) => (
        <List label={t.finder.byName}>
          {page.items.map((product) => (
            <ListItem
              key={product.id}
              onClick={() => onChoose(product.id)}
              start={
                <span className="store-thumb">
                  <Picture media={product.image} name={text(product.name)} decorative />
                </span>
              }
              title={text(product.name)}
              end={<Money value={product.price} />}
            />
          ))}
        </List>
      )}
    </QueryView>
  );
}

/** The variants of a product; one alone needs no choice, but shows its price before it is added. */
function Variants({ productId, onFound }: { productId: string; onFound: (sku: Found) => void }) {
  const t = useWords();
  const { text } = useI18n();
  const product = useQuery({
    queryKey: ["product", productId],
    queryFn: () => productGet(productId),
  });
  return (
    <QueryView query={product}>
      {(data) => (
        <List label={t.stock.variant}>
          {data.skus.map((sku) => (
            <ListItem
              key={sku.id}
              icon="plus"
              onClick={() => onFound({ id: sku.id, option: sku.option, product: data })}
              title={[text(data.name), text(sku.option)].filter(Boolean).join(" · ")}
              hint={<span className="sl-mono">{sku.barcodes[0] ?? sku.code}</span>}
              end={<Money value={sku.price} />}
            />
          ))}
        </List>
      )}
    </QueryView>
  );
}

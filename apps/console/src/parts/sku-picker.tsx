/** Choosing one SKU: its product by typing, then which one of it. */
import { productGet, productList, type Sku } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Field, useDelayed } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

export type ChosenSku = { sku: Sku; name: string };

type SkuPickerProps = { label: string; onChoose: (chosen: ChosenSku) => void };

/** A product with one SKU is chosen at once; of one with several, the SKU is asked for. */
export function SkuPicker({ label, onChoose }: SkuPickerProps) {
  const { text } = useI18n();
  const [typed, setTyped] = useState("");
  const [product, setProduct] = useState<string | null>(null);
  const q = useDelayed(typed.trim());
  const found = useQuery({
    queryKey: ["products", "pick", q],
    queryFn: () => productList({ q, limit: 20 }),
  });
  const opened = useQuery({
    queryKey: ["object", product],
    queryFn: () => productGet(product ?? ""),
    enabled: product !== null,
  });
  const skus = opened.data?.skus.filter((sku) => sku.active) ?? [];
  const choose = (sku: Sku) => {
    onChoose({ sku, name: [text(opened.data?.name), text(sku.option)].filter(Boolean).join(" ") });
    setProduct(null);
    setTyped("");
  };
  const options = (found.data?.items ?? []).map((one) => ({
    value: one.id,
    label: text(one.name),
  }));
  return (
    <Field label={label}>
      {({ id }) =>
        product === null ? (
          <Select
            id={id}
            style={{ width: "100%" }}
            value={null}
            loading={found.isPending}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            options={options}
            onChange={(next: string | null) => setProduct(next)}
          />
        ) : (
          <Select
            key={product}
            id={id}
            style={{ width: "100%" }}
            value={null}
            loading={opened.isPending}
            autoFocus
            defaultOpen
            placeholder={text(opened.data?.name)}
            options={skus.map((sku) => ({
              value: sku.id,
              label: [text(sku.option), sku.code].filter(Boolean).join(" · "),
            }))}
            onChange={(next: string | null) => {
              const sku = skus.find((one) => one.id === next);
              if (sku) choose(sku);
            }}
            onBlur={() => setProduct(null)}
          />
        )
      }
    </Field>
  );
}

import { type ChangeLine, productGet, productSearch } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  List,
  ListItem,
  Money,
  QueryView,
  SearchInput,
  Stack,
  useDelayed,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";

/** How many products are enough to choose from while typing. */
const SHOWN = 5;

/** One more article for an order: its product by typing, then which one of it. */
export function AddArticle({ onAdd }: { onAdd: (line: ChangeLine) => void }) {
  const t = useWords();
  const { text } = useI18n();
  const [typed, setTyped] = useState("");
  const [product, setProduct] = useState<string | null>(null);
  const q = useDelayed(typed.trim());
  const found = useQuery({
    queryKey: ["products", "add", q],
    queryFn: () => productSearch({ q, limit: SHOWN }),
    enabled: q !== "",
  });
  const opened = useQuery({
    queryKey: ["product", product],
    queryFn: () => productGet(product ?? ""),
    enabled: product !== null,
  });
  const close = () => {
    setTyped("");
    setProduct(null);
  };
  return (
    <Stack gap={2}>
      <SearchInput
        label={t.change.add}
        value={typed}
        onChange={(next) => {
          setTyped(next);
          setProduct(null);
        }}
      />
      {product !== null ? (
        <QueryView query={opened}>
          {(data) => (
            <List label={t.change.which}>
              {data.skus
                .filter((sku) => sku.active)
                .map((sku) => (
                  <ListItem
                    key={sku.id}
                    icon="plus"
                    title={text(data.name)}
                    hint={text(sku.option)}
                    end={<Money value={sku.price} />}
                    onClick={() => {
                      const { id: sku_id, option } = sku;
                      onAdd({ sku_id, name: data.name, option, quantity: 1 });
                      close();
                    }}
                  />
                ))}
            </List>
          )}
        </QueryView>
      ) : (
        q !== "" && (
          <QueryView
            query={found}
            empty={(data) =>
              data.items.length > 0 ? null : <p className="sl-muted">{t.change.noArticle}</p>
            }
          >
            {(data) => (
              <List label={t.change.add}>
                {data.items.map((one) => (
                  <ListItem
                    key={one.id}
                    icon="plus"
                    title={text(one.name)}
                    onClick={() => setProduct(one.id)}
                  />
                ))}
              </List>
            )}
          </QueryView>
        )
      )}
      {typed !== "" && (
        <Button kind="quiet" size="small" onClick={close}>
          {t.change.addNothing}
        </Button>
      )}
    </Stack>
  );
}

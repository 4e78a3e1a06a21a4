/** What a SKU is made of: shown in its row, changed in a dialog. */
import { kitSet, type Product, type Sku, skuList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Dialog, IconButton, ProblemNotice, QueryView, Row } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { SkuName } from "./names.tsx";
import { useProductSave } from "./product-save.ts";
import { type SkuLine, SkuLines } from "./sku-lines.tsx";

export function KitCell({ product, sku }: { product: Product; sku: Sku }) {
  const t = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  const parts = sku.components ?? [];
  return (
    <>
      <Row nowrap>
        <span>
          {parts.length === 0
            ? "—"
            : parts.map((part) => (
                <div key={part.sku_id}>
                  <SkuName id={part.sku_id} /> × {number(part.quantity)}
                </div>
              ))}
        </span>
        {may("catalog.manage") && (
          <IconButton icon="edit" label={t.kit.title(sku.code)} onClick={() => setEditing(true)} />
        )}
      </Row>
      <Dialog title={t.kit.title(sku.code)} open={editing} onClose={() => setEditing(false)}>
        <KitLoader product={product} sku={sku} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

type FormProps = { product: Product; sku: Sku; onDone: () => void };

function KitLoader({ product, sku, onDone }: FormProps) {
  const parts = sku.components ?? [];
  const found = useQuery({
    queryKey: ["kit", sku.id, product.version],
    queryFn: () => skuList({ ids: parts.map((part) => part.sku_id).join() }),
    enabled: parts.length > 0,
  });
  if (parts.length === 0) return <KitForm product={product} sku={sku} onDone={onDone} lines={[]} />;
  return (
    <QueryView query={found}>
      {({ items }) => (
        <KitForm
          product={product}
          sku={sku}
          onDone={onDone}
          lines={parts.flatMap((part) => {
            const of = items.find((item) => item.id === part.sku_id);
            return of ? [{ sku: of, quantity: part.quantity }] : [];
          })}
        />
      )}
    </QueryView>
  );
}

function KitForm({ product, sku, onDone, lines: before }: FormProps & { lines: SkuLine[] }) {
  const t = useWords();
  const [lines, setLines] = useState(before);
  const save = useProductSave(
    product,
    (body: Parameters<typeof kitSet>[1], intent) => kitSet(sku.id, body, intent),
    onDone,
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          components: lines.map((line) => ({ sku_id: line.sku.id, quantity: line.quantity })),
        });
      }}
    >
      <p>{t.kit.about}</p>
      <SkuLines lines={lines} onChange={setLines} withQuantity />
      <ProblemNotice error={save.error} />
      <Button kind="primary" type="submit" busy={save.isPending}>
        {lines.length === 0 ? t.kit.noKit : t.common.save}
      </Button>
    </form>
  );
}

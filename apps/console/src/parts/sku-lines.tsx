/** Choosing SKUs by code or barcode, with quantities where they matter. */
import { skuList, type SkuWithProduct } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, IconButton, List, ListItem, Row, Stack, TextInput } from "@storeloop/ui";
import { InputNumber } from "antd";
import { useState } from "react";
import { useWords } from "../words/index.ts";

export type SkuLine = { sku: SkuWithProduct; quantity: number };

type SkuLinesProps = {
  lines: SkuLine[];
  onChange: (lines: SkuLine[]) => void;
  /** Counts name SKUs only; transfers say how many. */
  withQuantity?: boolean;
};

export function SkuLines({ lines, onChange, withQuantity = false }: SkuLinesProps) {
  const { goods: t } = useWords();
  const { text } = useI18n();
  const [code, setCode] = useState("");
  const [unknown, setUnknown] = useState(false);
  const [looking, setLooking] = useState(false);
  const add = async () => {
    const wanted = code.trim();
    if (!wanted) return;
    setLooking(true);
    try {
      const byCode = await skuList({ code: wanted });
      const sku = byCode.items[0] ?? (await skuList({ barcode: wanted })).items[0];
      setUnknown(!sku);
      if (!sku) return;
      setCode("");
      const there = lines.find((line) => line.sku.id === sku.id);
      if (there) {
        onChange(
          lines.map((line) => (line === there ? { ...line, quantity: line.quantity + 1 } : line)),
        );
      } else onChange([...lines, { sku, quantity: 1 }]);
    } catch {
      // A code that is no barcode is refused by the server: nothing has it.
      setUnknown(true);
    } finally {
      setLooking(false);
    }
  };
  const nameOf = (sku: SkuWithProduct) =>
    [text(sku.product.name), text(sku.option)].filter(Boolean).join(" · ");
  return (
    <Stack gap={2}>
      <Row nowrap>
        <div className="sl-grow">
          <TextInput
            label={t.code}
            value={code}
            onChange={setCode}
            error={unknown ? t.unknownCode : undefined}
            autoComplete="off"
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              void add();
            }}
          />
        </div>
        <Button size="small" icon="plus" busy={looking} onClick={() => void add()}>
          {t.addSku}
        </Button>
      </Row>
      {lines.length > 0 && (
        <List label={t.lines}>
          {lines.map((line) => (
            <ListItem
              key={line.sku.id}
              title={nameOf(line.sku)}
              hint={<span className="sl-mono">{line.sku.code}</span>}
              end={
                <Row nowrap>
                  {withQuantity && (
                    <InputNumber
                      aria-label={t.quantityOf(nameOf(line.sku))}
                      min={1}
                      precision={0}
                      value={line.quantity}
                      onChange={(quantity) =>
                        onChange(
                          lines.map((one) =>
                            one === line ? { ...line, quantity: quantity ?? 1 } : one,
                          ),
                        )
                      }
                    />
                  )}
                  <IconButton
                    icon="trash"
                    label={t.dropSku(nameOf(line.sku))}
                    onClick={() => onChange(lines.filter((one) => one !== line))}
                  />
                </Row>
              }
            />
          ))}
        </List>
      )}
    </Stack>
  );
}

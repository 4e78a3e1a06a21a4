import {
  type Product,
  productGet,
  type ProductStatus,
  productChange,
  type Sku,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Dialog,
  Facts,
  Money,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Row,
  Stack,
  Tag,
  TextArea,
  TextInput,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { KitCell } from "../parts/kit-form.tsx";
import { PresaleCell } from "../parts/presale.tsx";
import { LevelList } from "../parts/levels.tsx";
import { useProductSave } from "../parts/product-save.ts";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function ProductPage({ id }: { id: string }) {
  const product = useQuery({ queryKey: ["object", id], queryFn: () => productGet(id) });
  return <QueryView query={product}>{(data) => <Body product={data} />}</QueryView>;
}

function Body({ product }: { product: Product }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <PageHeader
        back="/products"
        title={text(product.name)}
        end={
          <Row>
            <Tag tone={product.status === "active" ? "success" : "neutral"}>
              {t.products.statuses[product.status]}
            </Tag>
            {may("catalog.manage") && (
              <Button size="small" icon="edit" onClick={() => setEditing(true)}>
                {t.products.edit}
              </Button>
            )}
          </Row>
        }
      />
      <div className="console-columns">
        <Stack>
          <Card title={t.products.skus}>
            <Table<Sku>
              size="small"
              pagination={false}
              scroll={{ x: "max-content" }}
              rowKey="id"
              dataSource={product.skus}
              columns={[
                { key: "option", title: t.products.option, render: (_, sku) => text(sku.option) },
                {
                  key: "code",
                  title: t.products.code,
                  render: (_, sku) => <span className="sl-mono">{sku.code}</span>,
                },
                {
                  key: "barcode",
                  title: t.products.barcode,
                  render: (_, sku) => <span className="sl-mono">{sku.barcodes.join(", ")}</span>,
                },
                {
                  key: "kit",
                  title: t.kit.column,
                  render: (_, sku) => <KitCell product={product} sku={sku} />,
                },
                {
                  key: "ahead",
                  title: t.supplies.ahead.column,
                  render: (_, sku) => <PresaleCell sku={sku} />,
                },
                {
                  key: "price",
                  title: t.orders.price,
                  align: "right",
                  render: (_, sku) => <Money value={sku.price} />,
                },
              ]}
            />
          </Card>
          {may("stock.read") && (
            <Card title={t.products.stock}>
              <Stack>
                <LevelList name="product-levels" fixed={{ product: product.id }} />
              </Stack>
            </Card>
          )}
        </Stack>
        <Stack>
          <Picture media={product.image} name={text(product.name)} eager />
          <Card title={t.products.description}>
            <p>{text(product.description)}</p>
          </Card>
          {product.attributes.length > 0 && (
            <Card title={t.products.attributes}>
              <Facts
                items={product.attributes.map((one) => ({
                  label: text(one.label),
                  value: text(one.value),
                }))}
              />
            </Card>
          )}
        </Stack>
      </div>
      <Dialog title={t.products.edit} open={editing} onClose={() => setEditing(false)}>
        <EditForm product={product} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function EditForm({ product, onDone }: { product: Product; onDone: () => void }) {
  const t = useWords();
  const [name, setName] = useState(product.name);
  const [description, setDescription] = useState(product.description);
  const [status, setStatus] = useState<ProductStatus>(product.status);
  const save = useProductSave(
    product,
    (body: object, intent) => productChange(product.id, body, intent),
    onDone,
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ name, description, status });
      }}
    >
      <TextInput
        label={t.products.nameZh}
        value={name.zh}
        onChange={(zh) => setName({ ...name, zh })}
        required
        maxLength={200}
      />
      <TextInput
        label={t.products.nameEn}
        value={name.en}
        onChange={(en) => setName({ ...name, en })}
        required
        maxLength={200}
      />
      <TextArea
        label={t.products.descriptionZh}
        value={description.zh}
        onChange={(zh) => setDescription({ ...description, zh })}
      />
      <TextArea
        label={t.products.descriptionEn}
        value={description.en}
        onChange={(en) => setDescription({ ...description, en })}
      />
      <RadioGroup
        look="chips"
        label={t.products.status}
        value={status}
        onChange={setStatus}
        options={(["active", "draft", "archived"] as const).map((value) => ({
          value,
          label: t.products.statuses[value],
        }))}
      />
      <ProblemNotice error={save.error} />
      <Button kind="primary" type="submit" busy={save.isPending}>
        {t.common.save}
      </Button>
    </form>
  );
}

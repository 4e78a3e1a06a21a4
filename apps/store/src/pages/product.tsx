import {
  availabilityGet,
  type Product,
  productGet,
  type Sku,
  streamFollow,
  levelList,
  movementList,
  useLive,
  usePlace,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  EmptyState,
  List,
  ListItem,
  Money,
  PageHeader,
  Picture,
  QueryView,
  RadioGroup,
  Row,
  Sheet,
  Stack,
  useStateWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { MoveForm } from "../parts/move-form.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function ProductPage({ id }: { id: string }) {
  const product = useQuery({ queryKey: ["product", id], queryFn: () => productGet(id) });
  return <QueryView query={product}>{(data) => <Body product={data} />}</QueryView>;
}

function Body({ product }: { product: Product }) {
  const t = useWords();
  const { text } = useI18n();
  const [skuId, setSkuId] = useState(product.skus[0]?.id ?? "");
  const sku = product.skus.find((one) => one.id === skuId);
  return (
    <>
      <PageHeader back="/stock" title={text(product.name)} />
      <Row nowrap>
        <span className="store-thumb">
          <Picture media={product.image} name={text(product.name)} eager />
        </span>
        <div className="sl-grow">
          <div className="sl-mono sl-caption">{sku?.barcodes[0] ?? sku?.code ?? product.code}</div>
          <Money value={sku?.price ?? product.price} />
        </div>
      </Row>
      {product.skus.length > 1 && (
        <RadioGroup
          look="chips"
          label={t.stock.variant}
          value={skuId}
          onChange={setSkuId}
          options={product.skus.map((one) => ({
            value: one.id,
            label: text(one.option) || one.code,
          }))}
        />
      )}
      {sku && <SkuStock key={sku.id} sku={sku} />}
    </>
  );
}

function SkuStock({ sku }: { sku: Sku }) {
  const t = useWords();
  const { number } = useI18n();
  const placeId = usePlaceId();
  const { may } = useWork();
  const queries = useQueryClient();
  const [moving, setMoving] = useState(false);
  const level = useQuery({
    queryKey: ["stock", "level", sku.id, placeId],
    queryFn: () => levelList({ sku: sku.id, place: placeId, limit: 1 }),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ["stock"] });
  useLive(streamFollow({ topics: "stock" }), () => void refresh());
  return (
    <>
      <Card title={t.stock.here}>
        <QueryView
          query={level}
          empty={(page) =>
            page.items.length === 0 ? <p className="sl-muted">{t.stock.notHere}</p> : null
          }
        >
          {({ items: [here] }) => (
            <dl className="store-numbers">
              {(["available", "on_hand", "reserved", "quarantined"] as const).map((key) => (
                <div key={key}>
                  <dt>
                    {
                      {
                        available: t.stock.available,
                        on_hand: t.stock.onHand,
                        reserved: t.stock.reserved,
                        quarantined: t.stock.quarantined,
                      }[key]
                    }
                  </dt>
                  <dd>{number(here?.[key])}</dd>
                </div>
              ))}
            </dl>
          )}
        </QueryView>
      </Card>
      {may("stock.move") && (
        <Button icon="edit" block onClick={() => setMoving(true)}>
          {t.stock.move}
        </Button>
      )}
      <Elsewhere skuId={sku.id} />
      <Movements skuId={sku.id} />
      <Sheet title={t.stock.move} open={moving} onClose={() => setMoving(false)}>
        <MoveForm
          skuId={sku.id}
          onHand={level.data?.items[0]?.on_hand ?? 0}
          onDone={() => {
            setMoving(false);
            void refresh();
          }}
        />
      </Sheet>
    </>
  );
}

function Elsewhere({ skuId }: { skuId: string }) {
  const t = useWords();
  const { text, number, distance, duration } = useI18n();
  const placeId = usePlaceId();
  const place = usePlace(placeId).data;
  const near = place ? `${place.latitude},${place.longitude}` : undefined;
  const availability = useQuery({
    queryKey: ["stock", "availability", skuId, near],
    queryFn: () => availabilityGet({ sku: [skuId], near, channel: "store" }),
  });
  return (
    <QueryView query={availability}>
      {({ items: [item] }) => {
        const others = item?.places.filter((one) => one.place_id !== placeId) ?? [];
        if (others.length === 0 && !item?.online) {
          return <EmptyState icon="store" title={t.stock.nowhere} />;
        }
        return (
          <Stack gap={2}>
            <h2>{t.stock.elsewhere}</h2>
            <p className="sl-muted">{t.stock.online(number(item?.online ?? 0))}</p>
            {others.length > 0 && (
              <List label={t.stock.elsewhere}>
                {others.map((one) => (
                  <ListItem
                    key={one.place_id}
                    icon="store"
                    title={text(one.name)}
                    hint={
                      <>
                        {one.distance_m !== null && `${distance(one.distance_m)} · `}
                        {t.stock.readyIn(duration(one.ready_in_minutes))}
                      </>
                    }
                    end={<strong>{number(one.available)}</strong>}
                  />
                ))}
              </List>
            )}
          </Stack>
        );
      }}
    </QueryView>
  );
}

function Movements({ skuId }: { skuId: string }) {
  const t = useWords();
  const states = useStateWords();
  const { number } = useI18n();
  const placeId = usePlaceId();
  const { may } = useWork();
  const movements = useQuery({
    queryKey: ["stock", "movements", skuId, placeId],
    queryFn: () => movementList({ sku: skuId, place: placeId, limit: 10 }),
    enabled: may("stock.read"),
  });
  if (!may("stock.read")) return null;
  return (
    <QueryView
      query={movements}
      empty={(page) =>
        page.items.length === 0 ? <p className="sl-muted">{t.stock.noMovements}</p> : null
      }
    >
      {(page) => (
        <Stack gap={2}>
          <h2>{t.stock.movements}</h2>
          <List label={t.stock.movements}>
            {page.items.map((one) => (
              <ListItem
                key={one.id}
                title={states.movement[one.kind]}
                hint={
                  <>
                    <DateTime value={one.occurred_at} />
                    {one.reason && ` · ${one.reason}`}
                  </>
                }
                end={<strong>{number(one.quantity, { signDisplay: "exceptZero" })}</strong>}
              />
            ))}
          </List>
        </Stack>
      )}
    </QueryView>
  );
}

import {
  type AheadOffer,
  availabilityGet,
  type Product,
  productGet,
  type Sku,
  skuList,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  A,
  Button,
  Card,
  Facts,
  Loading,
  Money,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Skeleton,
  Stack,
  Stepper,
  toast,
} from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { useBack } from "../back.ts";
import { StockCard } from "../parts/stock-card.tsx";
import { useCart, useReserve, useSetLine } from "../state/cart.ts";
import { useNearby } from "../state/nearby.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function ProductPage() {
  const { id = "" } = useParams<{ id: string }>();
  const { text } = useI18n();
  const product = useQuery({ queryKey: ["product", id], queryFn: () => productGet(id) });
  useTitle(text(product.data?.name));
  return (
    <QueryView query={product} skeleton={<ProductSkeleton />}>
      {(data) => <ProductView key={data.id} product={data} />}
    </QueryView>
  );
}

function ProductSkeleton() {
  return (
    <Loading>
      <div className="shop-product-page">
        <span className="sl-picture sl-skeleton" />
        <Skeleton lines={6} />
      </div>
    </Loading>
  );
}

function ProductView({ product }: { product: Product }) {
  const t = useWords();
  const { text, money } = useI18n();
  const back = useBack("/products");
  const reserve = useReserve();
  const skus = product.skus.filter((sku) => sku.active);
  const [chosen, setChosen] = useState<string | null>(
    skus.length === 1 ? (skus[0]?.id ?? null) : null,
  );
  const { near } = useNearby();
  const availability = useQuery({
    queryKey: ["availability", product.id, near ?? ""],
    queryFn: () =>
      availabilityGet({
        sku: product.skus.map((sku) => sku.id),
        near,
        coming: true,
        channel: "web",
      }),
    enabled: skus.length > 0,
    placeholderData: keepPreviousData,
    // Stock is the one thing here that others change while you look.
    refetchInterval: 20_000,
  });
  const stockOf = (skuId: string) => availability.data?.items.find((item) => item.sku_id === skuId);
  const sku = skus.find((each) => each.id === chosen);
  const samePrice = skus.every((each) => each.price.amount_minor === product.price.amount_minor);
  return (
    <>
      <PageHeader back={back} />
      <div className="shop-product-page">
        <Gallery product={product} />
        <Stack gap={6}>
          <Stack gap={2}>
            <p className="sl-muted">{text(product.brand)}</p>
            <h1>{text(product.name)}</h1>
            <p className="shop-big-price">
              {sku || samePrice ? (
                <Money value={sku?.price ?? product.price} />
              ) : (
                t.list.from(money(product.price))
              )}
            </p>
          </Stack>
          {skus.length > 1 && (
            <RadioGroup
              label={t.product.option}
              look="chips"
              value={chosen}
              onChange={setChosen}
              options={skus.map((each) => ({
                value: each.id,
                label: text(each.option) || each.code,
                disabled: stockOf(each.id)?.total === 0 && !stockOf(each.id)?.ahead,
              }))}
            />
          )}
          {sku && sku.components && sku.components.length > 0 && (
            <KitCard components={sku.components} />
          )}
          {sku && (
            <StockCard
              query={availability}
              stock={stockOf(sku.id)}
              asOf={availability.data?.as_of}
              busy={reserve.isPending}
              onCollect={(placeId) => reserve.mutate({ sku_id: sku.id, place_id: placeId })}
            />
          )}
          <ProblemNotice error={reserve.error} />
          <AddToBag
            sku={sku}
            most={sku && stockOf(sku.id)?.total}
            ahead={sku && stockOf(sku.id)?.ahead}
          />
          {text(product.description) && (
            <Card title={t.product.about}>
              <p className="shop-prose">{text(product.description)}</p>
            </Card>
          )}
          {product.attributes.length > 0 && (
            <Card title={t.product.details}>
              <Facts
                items={product.attributes.map((attribute) => ({
                  label: text(attribute.label),
                  value: text(attribute.value),
                }))}
              />
            </Card>
          )}
        </Stack>
      </div>
    </>
  );
}

/** What is in a kit. */
function KitCard({ components }: { components: NonNullable<Sku["components"]> }) {
  const t = useWords();
  const { text, number } = useI18n();
  const ids = components.map((part) => part.sku_id).join();
  const parts = useQuery({ queryKey: ["skus", ids], queryFn: () => skuList({ ids }) });
  return (
    <Card title={t.product.kit}>
      <QueryView query={parts} skeleton={<Skeleton lines={components.length} />}>
        {({ items }) => (
          <ul className="shop-kit">
            {components.map((part) => {
              const of = items.find((item) => item.id === part.sku_id);
              return (
                of && (
                  <li key={part.sku_id}>
                    <A href={`/p/${of.product_id}`}>
                      {[text(of.product.name), text(of.option)].filter(Boolean).join(" ")}
                    </A>{" "}
                    × {number(part.quantity)}
                  </li>
                )
              );
            })}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}

/** Pictures to swipe; each is a square, so nothing moves when they arrive. */
function Gallery({ product }: { product: Product }) {
  const t = useWords();
  const { text } = useI18n();
  const name = text(product.name);
  const media = product.media.length > 0 ? product.media : [product.image];
  if (media.length === 1) {
    return (
      <div className="shop-gallery">
        <Picture media={media[0]} name={name} eager />
      </div>
    );
  }
  return (
    <ul className="shop-gallery" aria-label={t.product.gallery} tabIndex={0}>
      {media.map((item, index) => (
        <li key={item?.url ?? index} aria-label={t.product.picture(index + 1, media.length)}>
          <Picture media={item} name={name} eager={index === 0} />
        </li>
      ))}
    </ul>
  );
}

type AddToBagProps = {
  sku: Sku | undefined;
  most: number | undefined;
  /** What may be ordered though it is not there yet. */
  ahead: AheadOffer | null | undefined;
};

function AddToBag({ sku, most, ahead }: AddToBagProps) {
  const t = useWords();
  const [, go] = useLocation();
  const [quantity, setQuantity] = useState(1);
  const cart = useCart();
  const setLine = useSetLine();
  const soldOut = most === 0 && !ahead;
  const early = most === 0 && ahead ? ahead.mode : null;
  const limit = most === undefined ? undefined : most + (ahead?.quantity ?? 0);

  async function add() {
    if (!sku) return;
    const inBag = cart.data?.lines.find((line) => line.sku_id === sku.id)?.quantity ?? 0;
    await setLine.mutateAsync({ sku_id: sku.id, quantity: inBag + quantity });
    setQuantity(1);
    toast(t.product.added, {
      action: { label: t.product.viewBag, onPress: () => go("/cart") },
    });
  }

  return (
    <div className="shop-buy-bar">
      <div className="shop-buy">
        <Stepper
          label={t.product.quantity}
          value={quantity}
          max={Math.max(1, Math.min(limit ?? 99, 99))}
          onChange={setQuantity}
          disabled={!sku || soldOut}
        />
        <Button
          kind="primary"
          block
          icon="bag"
          busy={setLine.isPending}
          disabled={!sku || soldOut}
          // The refusal is shown below; the promise itself needs no second listener.
          onClick={() => void add().catch(() => undefined)}
        >
          {soldOut
            ? t.product.soldOut
            : early
              ? t.product.early[early]
              : sku
                ? t.product.add
                : t.product.chooseOption}
        </Button>
      </div>
      <ProblemNotice error={setLine.error} />
    </div>
  );
}

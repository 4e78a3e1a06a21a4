import type { Availability } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Icon,
  List,
  ListItem,
  Notice,
  QueryView,
  Sheet,
  Stack,
  useNow,
} from "@storeloop/ui";
import { useState } from "react";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./place-picker.tsx";

/** Up to here a shopper gets the exact number; it is then what decides whether to hurry. */
const EXACT_UP_TO = 20;
/** Beyond a day the clock time of the promise says more than its distance. */
const SOON_MINUTES = 180;

type Coming = NonNullable<Availability["coming"]>;
type StorePlace = Availability["places"][number];
type Promise = Pick<StorePlace, "ready_at" | "ready_in_minutes" | "timezone">;

type StockCardProps = {
  query: { data: unknown; error: unknown; isPending: boolean; refetch: () => unknown };
  stock: Availability | undefined;
  asOf: string | undefined;
  busy: boolean;
  /** Reserve a piece for collecting at a store. */
  onCollect: (placeId: string) => void;
};

/** What stores near you really have of one SKU, when it is ready, and whether it can be sent. */
export function StockCard({ query, stock, asOf, busy, onCollect }: StockCardProps) {
  const t = useWords();
  const { time } = useI18n();
  return (
    <Card
      title={t.product.stock}
      end={asOf && <span className="sl-caption">{t.product.asOf(time(asOf))}</span>}
    >
      <QueryView query={query}>
        {() => stock && <StockBody stock={stock} busy={busy} onCollect={onCollect} />}
      </QueryView>
    </Card>
  );
}

type StockBodyProps = Pick<StockCardProps, "busy" | "onCollect"> & { stock: Availability };

function StockBody({ stock, busy, onCollect }: StockBodyProps) {
  const t = useWords();
  const { text, distance } = useI18n();
  const { place: nearby } = useNearby();
  const [open, setOpen] = useState<"stores" | "place" | null>(null);
  const promise = usePromise();
  const pieces = usePieces();
  const [first, ...others] = stock.places;

  if (stock.total === 0) {
    return (
      <Notice tone="warning" title={t.product.soldOut}>
        {t.product.soldOutText}
        <MoreLater coming={stock.coming ?? []} />
      </Notice>
    );
  }
  return (
    <Stack gap={2}>
      <div className="shop-stock">
        <Icon name="store" />
        <div className="sl-grow">
          {first ? (
            <>
              <div className="sl-strong">
                {text(first.name)}
                {first.distance_m !== null && (
                  <span className="sl-muted"> · {distance(first.distance_m)}</span>
                )}
              </div>
              <div>
                {pieces(first.available)} · {promise(first)}
              </div>
            </>
          ) : (
            <div>{t.product.noStore}</div>
          )}
        </div>
      </div>
      <div className="shop-stock">
        <Icon name="truck" />
        <div className="sl-grow">
          {stock.online > 0 ? t.product.delivery : t.product.noDelivery}
        </div>
      </div>
      <MoreLater coming={stock.coming ?? []} />
      <div className="sl-row">
        {first && (
          <Button size="small" busy={busy} onClick={() => onCollect(first.place_id)}>
            {t.product.collectAt(text(first.name))}
          </Button>
        )}
        {others.length > 0 && (
          <Button kind="quiet" size="small" onClick={() => setOpen("stores")}>
            {t.product.moreStores(others.length)}
          </Button>
        )}
        {!nearby && (
          <Button kind="quiet" size="small" icon="pin" onClick={() => setOpen("place")}>
            {t.place.choose}
          </Button>
        )}
      </div>
      <Sheet title={t.product.allStores} open={open === "stores"} onClose={() => setOpen(null)}>
        <List>
          {stock.places.map((place) => (
            <ListItem
              key={place.place_id}
              icon="store"
              title={text(place.name)}
              hint={promise(place)}
              onClick={() => onCollect(place.place_id)}
              end={
                <>
                  <span className="sl-strong">{pieces(place.available)}</span>
                  {place.distance_m !== null && (
                    <span className="sl-caption">{distance(place.distance_m)}</span>
                  )}
                </>
              }
            />
          ))}
        </List>
      </Sheet>
      <PlacePicker open={open === "place"} onClose={() => setOpen(null)} />
    </Stack>
  );
}

/** "more on 3 Dec", where and how many of them. */
function MoreLater({ coming }: { coming: Coming }) {
  const t = useWords();
  const { text, number, date } = useI18n();
  const [soonest] = coming;
  const first = soonest?.by_date[0];
  if (!soonest || !first) return null;
  return (
    <div className="shop-stock">
      <Icon name="calendar" />
      <div className="sl-grow">
        {t.product.moreOn(date(first.at, soonest.timezone))}
        <span className="sl-muted">
          {" · "}
          {t.product.moreAt(text(soonest.name), number(first.available - soonest.available))}
        </span>
      </div>
    </div>
  );
}

/**
 * "ready in 40 minutes", or the store's time of the day when that is further off; for what has to
 * come first, its day.
 */
export function usePromise(): (place: Promise, comes?: boolean) => string {
  const t = useWords();
  const { duration, day, weekday } = useI18n();
  const now = useNow();
  return (place, comes = false) => {
    if (comes) return t.product.readyOn(weekday(place.ready_at, place.timezone));
    return place.ready_in_minutes <= SOON_MINUTES
      ? t.product.readyIn(duration(place.ready_in_minutes))
      : t.product.readyAt(day(place.ready_at, now, place.timezone));
  };
}

/** "3 left", "12 pieces", "20 or more". */
function usePieces(): (available: number) => string {
  const t = useWords();
  const { number } = useI18n();
  return (available) => {
    if (available <= 5) return t.product.left(available);
    if (available <= EXACT_UP_TO) return t.product.pieces(number(available));
    return t.product.many;
  };
}

import { type Cart, cartCollectList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Icon, Notice, QueryView, RadioGroup, Stack } from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./place-picker.tsx";
import { usePromise } from "./stock-card.tsx";

/** How many stores are enough to choose from before "more". */
const FIRST = 4;

type CollectChoiceProps = {
  cart: Cart;
  value: string | null;
  error: string | undefined;
  onChange: (placeId: string) => void;
};

/** The stores that have everything in the bag now, then those that will have it, with the day. */
export function CollectChoice({ cart, value, error, onChange }: CollectChoiceProps) {
  const t = useWords();
  const { text, distance } = useI18n();
  const { near, place: nearby } = useNearby();
  const promise = usePromise();
  const [all, setAll] = useState(false);
  const [picking, setPicking] = useState(false);
  const wanted = cart.lines.map((line) => `${line.sku_id}*${line.quantity}`).sort();
  const offers = useQuery({
    queryKey: ["availability", "bag", cart.id, wanted.join(), near ?? ""],
    queryFn: () => cartCollectList(cart.id, { near }),
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });
  return (
    <Stack gap={2}>
      {!nearby && (
        <Button kind="quiet" size="small" icon="pin" onClick={() => setPicking(true)}>
          {t.place.choose}
        </Button>
      )}
      <PlacePicker open={picking} onClose={() => setPicking(false)} />
      <QueryView
        query={offers}
        empty={(data) =>
          data.items.length > 0 ? null : (
            <Notice tone="warning" title={t.checkout.noneComplete}>
              {data.short.map((short) => {
                const line = cart.lines.find((each) => each.sku_id === short.sku_id);
                return (
                  <p key={short.sku_id}>{t.checkout.shortLine(text(line?.name), short.best)}</p>
                );
              })}
              <p>{t.checkout.noneCompleteText}</p>
            </Notice>
          )
        }
      >
        {(data) => {
          // The chosen one stays in sight, wherever it stands.
          const shown = data.items.filter(
            (store, index) => all || index < FIRST || store.place_id === value,
          );
          return (
            <>
              <RadioGroup
                label={t.checkout.whichStore}
                look="cards"
                value={value}
                error={error}
                onChange={onChange}
                options={shown.map((store) => ({
                  value: store.place_id,
                  label: text(store.name),
                  hint: (
                    <>
                      {store.distance_m !== null && `${distance(store.distance_m)} · `}
                      {promise(store, store.how !== "now")}
                    </>
                  ),
                }))}
              />
              <p className="sl-caption">{t.checkout.onlyComplete}</p>
              {data.items.length > shown.length && (
                <Button kind="quiet" size="small" onClick={() => setAll(true)}>
                  {t.checkout.moreStores}
                </Button>
              )}
            </>
          );
        }}
      </QueryView>
    </Stack>
  );
}

/** Where the bag is collected and from when, once that was chosen. */
export function CollectPromise({ cart }: { cart: Cart }) {
  const { text } = useI18n();
  const promise = usePromise();
  const { collect } = cart;
  if (!collect) return null;
  return (
    <div className="shop-stock">
      <Icon name={collect.how === "now" ? "store" : "calendar"} />
      <div className="sl-grow">
        <span className="sl-strong">{text(collect.name)}</span>
        {" · "}
        {promise(collect, collect.how !== "now")}
      </div>
    </div>
  );
}

import { availabilityGet, type CartLine } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Notice, QueryView, RadioGroup, Stack } from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { shortLines, storesWithEverything } from "../state/collect.ts";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./place-picker.tsx";
import { usePromise } from "./stock-card.tsx";

/** How many stores are enough to choose from before "more". */
const FIRST = 4;

type CollectChoiceProps = {
  lines: CartLine[];
  value: string | null;
  error: string | undefined;
  onChange: (placeId: string) => void;
};

/** The stores that really have everything in the bag right now. */
export function CollectChoice({ lines, value, error, onChange }: CollectChoiceProps) {
  const t = useWords();
  const { text, distance } = useI18n();
  const { near, place: nearby } = useNearby();
  const promise = usePromise();
  const [all, setAll] = useState(false);
  const [picking, setPicking] = useState(false);
  const skus = lines.map((line) => line.sku_id).sort();
  const availability = useQuery({
    queryKey: ["availability", "bag", skus.join(), near ?? ""],
    queryFn: () => availabilityGet({ sku: skus, near }),
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
        query={availability}
        empty={(data) =>
          storesWithEverything(lines, data.items).length > 0 ? null : (
            <Notice tone="warning" title={t.checkout.noneComplete}>
              {shortLines(lines, data.items).map((short) => {
                const line = lines.find((each) => each.sku_id === short.sku_id);
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
          const stores = storesWithEverything(lines, data.items);
          // The chosen one stays in sight, wherever it stands.
          const shown = stores.filter(
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
                      {promise(store)}
                    </>
                  ),
                }))}
              />
              <p className="sl-caption">{t.checkout.onlyComplete}</p>
              {stores.length > shown.length && (
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

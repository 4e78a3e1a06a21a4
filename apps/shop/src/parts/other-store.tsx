import { type Availability, availabilityGet, type ChangeLine } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Notice, QueryView, RadioGroup, Stack } from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./place-picker.tsx";

/** How many stores are enough to choose from. */
const SHOWN = 6;

/** Stores that have every line in full, in the order they were told: the nearest first. */
export function storesWithAll(lines: ChangeLine[], items: Availability[]) {
  const [first, ...rest] = lines.map((line) => ({
    quantity: line.quantity,
    places: items.find((item) => item.sku_id === line.sku_id)?.places ?? [],
  }));
  if (!first) return [];
  const has = (line: typeof first, id: string) =>
    line.places.some((place) => place.place_id === id && place.available >= line.quantity);
  return first.places.filter(({ place_id: id }) => [first, ...rest].every((line) => has(line, id)));
}

type OtherStoreProps = {
  lines: ChangeLine[];
  /** Where the order is collected now. */
  here: string | null;
  value: string | null;
  onChange: (placeId: string) => void;
};

/** Another store for an order that was placed: those that have all of it now. */
export function OtherStore({ lines, here, value, onChange }: OtherStoreProps) {
  const t = useWords();
  const { text, distance } = useI18n();
  const { near, place: nearby } = useNearby();
  const [picking, setPicking] = useState(false);
  const skus = lines.map((line) => line.sku_id).sort();
  const availability = useQuery({
    queryKey: ["availability", "order", skus.join(), near ?? ""],
    queryFn: () => availabilityGet({ sku: skus, near }),
    placeholderData: keepPreviousData,
    enabled: skus.length > 0,
  });
  const stores = (items: Availability[]) =>
    storesWithAll(lines, items).filter((store) => store.place_id !== here);
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
          stores(data.items).length > 0 ? null : (
            <Notice tone="warning" title={t.checkout.noneComplete} />
          )
        }
      >
        {(data) => (
          <RadioGroup
            label={t.checkout.whichStore}
            look="cards"
            value={value}
            onChange={onChange}
            options={stores(data.items)
              .slice(0, SHOWN)
              .map((store) => ({
                value: store.place_id,
                label: text(store.name),
                hint: store.distance_m !== null && distance(store.distance_m),
              }))}
          />
        )}
      </QueryView>
    </Stack>
  );
}

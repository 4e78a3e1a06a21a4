import { itemsOf, pages, placeList, type PlaceNear } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  EmptyState,
  Icon,
  List,
  ListItem,
  Notice,
  QueryView,
  SearchInput,
  Sheet,
  ShowMore,
  Stack,
  useDelayed,
} from "@storeloop/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { clearNearby, locate, setNearby, useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";

/** Says where distances are measured from, and opens the choice. */
export function NearbyButton() {
  const t = useWords();
  const { text } = useI18n();
  const { place } = useNearby();
  const [open, setOpen] = useState(false);
  const label = place ? (place.place ? text(place.place.name) : t.place.here) : t.place.choose;
  return (
    <>
      <button type="button" className="shop-nearby" onClick={() => setOpen(true)}>
        <Icon name="pin" />
        <span className="shop-nearby__label">{label}</span>
      </button>
      <PlacePicker open={open} onClose={() => setOpen(false)} />
    </>
  );
}

/** Where are you: the device's own answer, or a store that stands for it. */
export function PlacePicker({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Sheet title={t.place.title} open={open} onClose={onClose}>
      <PlaceChoice onDone={onClose} />
    </Sheet>
  );
}

function PlaceChoice({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const { place } = useNearby();
  const [q, setQ] = useState("");
  const [state, setState] = useState<"idle" | "asking" | "denied">("idle");

  async function askDevice() {
    setState("asking");
    try {
      const { lat, lon } = await locate();
      setNearby(lat, lon, null);
      onDone();
    } catch {
      setState("denied");
    }
  }

  function choose(store: PlaceNear) {
    setNearby(store.latitude, store.longitude, { id: store.id, name: store.name });
    onDone();
  }

  return (
    <Stack>
      <p className="sl-small sl-muted">{t.place.why}</p>
      <Button block icon="pin" busy={state === "asking"} onClick={() => void askDevice()}>
        {t.place.useDevice}
      </Button>
      {state === "denied" && (
        <Notice tone="warning" live>
          {t.place.denied}
        </Notice>
      )}
      <SearchInput label={t.place.search} value={q} onChange={setQ} />
      <StoreList q={useDelayed(q)} onChoose={choose} />
      {place && (
        <Button
          kind="quiet"
          onClick={() => {
            clearNearby();
            onDone();
          }}
        >
          {t.place.clear}
        </Button>
      )}
    </Stack>
  );
}

function StoreList({ q, onChoose }: { q: string; onChoose: (store: PlaceNear) => void }) {
  const t = useWords();
  const { text, distance } = useI18n();
  const { near } = useNearby();
  const stores = useInfiniteQuery({
    ...pages(["places", q, near ?? ""], (cursor) =>
      placeList({ q, near, service: "collect", cursor, limit: 20 }),
    ),
    placeholderData: keepPreviousData,
  });
  return (
    <QueryView
      query={stores}
      empty={(data) =>
        itemsOf(data).length > 0 ? null : (
          <EmptyState icon="store" title={t.place.none}>
            {t.place.noneText}
          </EmptyState>
        )
      }
    >
      {(data) => (
        <>
          <List>
            {itemsOf(data).map((store) => (
              <ListItem
                key={store.id}
                icon="store"
                title={text(store.name)}
                hint={`${text(store.address.city)} ${text(store.address.line)}`}
                end={store.distance_m === null ? undefined : distance(store.distance_m)}
                onClick={() => onChoose(store)}
              />
            ))}
          </List>
          <ShowMore query={stores} />
        </>
      )}
    </QueryView>
  );
}

import { placeList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { EmptyState, List, ListItem, PageHeader, QueryView, SearchInput } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

/** Nobody works nowhere: asks for the store before anything is shown. */
export function PlaceGate({ children }: { children: ReactNode }) {
  const { placeId, setPlaceId } = useWork();
  const t = useWords();
  if (placeId !== null) return children;
  return (
    <main className="store-page">
      <PageHeader title={t.place.choose} />
      <p className="sl-muted">{t.place.chooseText}</p>
      <PlacePicker onPick={setPlaceId} />
    </main>
  );
}

/** Stores to choose from. */
export function PlacePicker({ onPick }: { onPick: (id: string) => void }) {
  const t = useWords();
  const { text } = useI18n();
  const [q, setQ] = useState("");
  const places = useQuery({
    queryKey: ["places", "pick", q],
    queryFn: () => placeList({ q, limit: 100 }),
  });
  return (
    <>
      <SearchInput label={t.place.search} value={q} onChange={setQ} />
      <QueryView
        query={places}
        empty={(page) =>
          page.items.length === 0 ? <EmptyState icon="store" title={t.place.none} /> : null
        }
      >
        {(page) => (
          <List label={t.place.choose}>
            {page.items.map((place) => (
              <ListItem
                key={place.id}
                icon={place.kind === "store" ? "store" : "box"}
                title={text(place.name)}
                hint={`${text(place.address.city)} · ${text(place.address.line)}`}
                onClick={() => onPick(place.id)}
              />
            ))}
          </List>
        )}
      </QueryView>
    </>
  );
}

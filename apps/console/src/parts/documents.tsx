/** The list of one kind of goods document (transfers, counts, expected supply), and the dialog that begins a new one. */
import type { Page } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Dialog } from "@storeloop/ui";
import { type ReactNode, useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import type { FilterValues } from "./filters.tsx";
import { type Column, ListView } from "./list-view.tsx";
import { usePlaces } from "./pickers.tsx";

type DocumentsProps<T> = {
  /** Names the list, and is the address of a document without its identifier. */
  name: "supplies" | "transfers" | "counts";
  title: string;
  none: { title: string; text: string };
  columns: Column<T>[];
  states: { value: string; label: string }[];
  load: (filters: FilterValues, cursor: string | undefined) => Promise<Page<T>>;
  /** Who may begin one, what that is called, and its form. */
  begin: { right: string; label: string; form: ReactNode };
};

export function Documents<T extends { id: string }>(props: DocumentsProps<T>) {
  const { name, title, none, columns, states, load, begin } = props;
  const { goods: t } = useWords();
  const { text } = useI18n();
  const { may } = useSession();
  const places = usePlaces().data?.items ?? [];
  const [beginning, setBeginning] = useState(false);
  return (
    <>
      <ListView
        name={name}
        none={none}
        title={title}
        columns={columns}
        filters={[
          {
            key: "place",
            kind: "choice",
            label: t.place,
            options: places.map((place) => ({ value: place.id, label: text(place.name) })),
          },
          { key: "state", kind: "choice", label: t.state, options: states },
        ]}
        load={load}
        rowKey={(row) => row.id}
        href={(row) => `/${name}/${row.id}`}
        end={
          may(begin.right) && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setBeginning(true)}>
              {begin.label}
            </Button>
          )
        }
      />
      <Dialog title={begin.label} open={beginning} onClose={() => setBeginning(false)}>
        {begin.form}
      </Dialog>
    </>
  );
}

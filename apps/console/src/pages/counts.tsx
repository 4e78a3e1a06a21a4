import {
  categoryList,
  type Count,
  countCreate,
  type CountIn,
  countList,
  type CountScope,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Checkbox,
  CountStateTag,
  DateTime,
  Notice,
  ProblemNotice,
  RadioGroup,
  Select,
  Stack,
  TextArea,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { Documents } from "../parts/documents.tsx";
import type { Column } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { PlacePicker, usePlaceName } from "../parts/pickers.tsx";
import { type SkuLine, SkuLines } from "../parts/sku-lines.tsx";
import { useWords } from "../words/index.ts";

const STATES = ["open", "review", "posted", "cancelled"] as const;
const SCOPES = ["place", "category", "skus"] as const;

export default function CountsPage() {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number, dateTime } = useI18n();
  const placeName = usePlaceName();
  const figure = (key: "differing" | "missing" | "surplus", label: string): Column<Count> => ({
    key,
    title: label,
    align: "right",
    render: (row) => (row[key] === null ? "—" : number(row[key])),
    text: (row) => String(row[key] ?? ""),
  });
  const columns: Column<Count>[] = [
    {
      key: "place",
      title: t.place,
      render: (row) => placeName(row.place_id),
      text: (row) => placeName(row.place_id),
    },
    {
      key: "state",
      title: t.state,
      render: (row) => <CountStateTag state={row.state} />,
      text: (row) => words.count[row.state],
    },
    {
      key: "scope",
      title: t.scope,
      render: (row) => `${words.scope[row.scope]}${row.blind ? ` · ${t.blind}` : ""}`,
      text: (row) => words.scope[row.scope],
    },
    {
      key: "progress",
      title: t.progress,
      align: "right",
      render: (row) => `${number(row.counted)} / ${number(row.lines)}`,
      text: (row) => `${row.counted}/${row.lines}`,
    },
    figure("differing", t.differing),
    figure("missing", t.missing),
    figure("surplus", t.surplus),
    {
      key: "by",
      title: t.by,
      render: (row) => <Actor id={row.created_by} />,
      text: (row) => row.created_by,
    },
    {
      key: "at",
      title: t.at,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => dateTime(row.created_at),
    },
    { key: "note", title: t.note, render: (row) => row.note, text: (row) => row.note ?? "" },
  ];
  return (
    <Documents
      name="counts"
      title={t.counts}
      none={{ title: t.noCounts, text: t.noCountsText }}
      columns={columns}
      states={STATES.map((value) => ({ value, label: words.count[value] }))}
      load={(filters, cursor) => countList({ ...filters, cursor })}
      begin={{ right: "count.take", label: t.newCount, form: <BeginForm /> }}
    />
  );
}

function BeginForm() {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { text } = useI18n();
  const [, navigate] = useLocation();
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [scope, setScope] = useState<CountScope>("place");
  const [categoryId, setCategoryId] = useState("");
  const [lines, setLines] = useState<SkuLine[]>([]);
  const [blind, setBlind] = useState(true);
  const [note, setNote] = useState("");
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: categoryList,
    staleTime: 10 * 60_000,
    enabled: scope === "category",
  });
  const begin = useAction((body: CountIn, intent) => countCreate(body, intent), {
    onSuccess: (count) => navigate(`/counts/${count.id}`),
  });
  const complete =
    placeId !== null &&
    (scope !== "category" || categoryId !== "") &&
    (scope !== "skus" || lines.length > 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!placeId || !complete) return;
        begin.mutate({
          place_id: placeId,
          scope,
          blind,
          ...(scope === "category" ? { category_id: categoryId } : {}),
          ...(scope === "skus" ? { sku_ids: lines.map((line) => line.sku.id) } : {}),
          ...(note.trim() ? { note: note.trim() } : {}),
        });
      }}
    >
      <Stack>
        <PlacePicker label={t.place} value={placeId} onChange={setPlaceId} />
        <RadioGroup
          look="chips"
          label={t.scope}
          value={scope}
          onChange={setScope}
          options={SCOPES.map((value) => ({ value, label: words.scope[value] }))}
        />
        {scope === "category" && (
          <Select
            label={t.category}
            value={categoryId}
            onChange={setCategoryId}
            options={(categories.data?.items ?? []).map((one) => ({
              value: one.id,
              label: text(one.name),
            }))}
          />
        )}
        {scope === "skus" && <SkuLines lines={lines} onChange={setLines} />}
        <Checkbox label={t.blind} hint={t.blindHint} checked={blind} onChange={setBlind} />
        <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
        <Notice>{t.beginText}</Notice>
        <ProblemNotice error={begin.error} />
        <Button kind="primary" type="submit" busy={begin.isPending} disabled={!complete}>
          {t.begin}
        </Button>
      </Stack>
    </form>
  );
}

import { categoryList, countCreate, type CountIn, countList, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Checkbox,
  CountStateTag,
  DateTime,
  EmptyState,
  List,
  ListItem,
  PageHeader,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Select,
  Sheet,
  Stack,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function CountsPage() {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const { may } = useWork();
  const placeId = usePlaceId();
  const [beginning, setBeginning] = useState(false);
  const counts = useQuery({
    queryKey: ["counts", placeId],
    queryFn: () => countList({ place: placeId, limit: 20 }),
  });
  return (
    <>
      <PageHeader back="/stock" title={t.counts} />
      {may("count.take") && (
        <Button kind="primary" block icon="plus" onClick={() => setBeginning(true)}>
          {t.newCount}
        </Button>
      )}
      <QueryView
        query={counts}
        empty={(page) =>
          page.items.length === 0 ? (
            <EmptyState icon="scan" title={t.noCounts}>
              {t.noCountsText}
            </EmptyState>
          ) : null
        }
      >
        {(page) => (
          <List label={t.counts}>
            {page.items.map((count) => (
              <ListItem
                key={count.id}
                href={`/counts/${count.id}`}
                title={
                  <>
                    {words.scope[count.scope]} ·{" "}
                    {t.progress(number(count.counted), number(count.lines))}
                  </>
                }
                hint={
                  <>
                    <DateTime value={count.created_at} />
                    {count.note && ` · ${count.note}`}
                  </>
                }
                end={<CountStateTag state={count.state} />}
              />
            ))}
          </List>
        )}
      </QueryView>
      <Sheet title={t.newCount} open={beginning} onClose={() => setBeginning(false)}>
        <BeginForm placeId={placeId} />
      </Sheet>
    </>
  );
}

function BeginForm({ placeId }: { placeId: string }) {
  const { goods: t } = useWords();
  const { text } = useI18n();
  const [, navigate] = useLocation();
  const [scope, setScope] = useState<"category" | "place">("category");
  const [categoryId, setCategoryId] = useState("");
  const [blind, setBlind] = useState(true);
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: categoryList,
    staleTime: 10 * 60_000,
  });
  const begin = useAction((body: CountIn, intent) => countCreate(body, intent), {
    onSuccess: (count) => navigate(`/counts/${count.id}`),
  });
  return (
    <Stack>
      <RadioGroup
        look="cards"
        label={t.newCount}
        labelHidden
        value={scope}
        onChange={setScope}
        options={[
          { value: "category", label: t.scopeCategory },
          { value: "place", label: t.scopePlace },
        ]}
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
      <Checkbox label={t.blind} checked={blind} onChange={setBlind} />
      <p className="sl-caption">{t.noCountsText}</p>
      <ProblemNotice error={begin.error} />
      <Button
        kind="primary"
        block
        busy={begin.isPending}
        disabled={scope === "category" && categoryId === ""}
        onClick={() =>
          begin.mutate({
            place_id: placeId,
            scope,
            blind,
            ...(scope === "category" ? { category_id: categoryId } : {}),
          })
        }
      >
        {t.begin}
      </Button>
    </Stack>
  );
}

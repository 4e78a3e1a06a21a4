import {
  placeList,
  transferList,
  type TransferIn,
  transferRequest,
  type SkuWithProduct,
  type TransferSummary,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  EmptyState,
  List,
  ListItem,
  PageHeader,
  ProblemNotice,
  QueryView,
  Select,
  Sheet,
  Stack,
  Stepper,
  Tabs,
  toast,
  TransferStateTag,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ForOrder } from "../parts/for-order.tsx";
import { PlaceName } from "../parts/place-name.tsx";
import { ScanBox, useSkuTitle } from "../parts/skus.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

type Direction = "out" | "in";

export default function TransfersPage() {
  const { goods: t } = useWords();
  const { may } = useWork();
  const [direction, setDirection] = useState<Direction>("in");
  const [asking, setAsking] = useState(false);
  const tab = (key: Direction) => ({
    key,
    label: t[key],
    panel: <TransferRows key={key} direction={key} />,
  });
  return (
    <>
      <PageHeader back="/stock" title={t.transfers} />
      {may("transfer.request") && (
        <Button block icon="plus" onClick={() => setAsking(true)}>
          {t.askGoods}
        </Button>
      )}
      <Tabs
        label={t.transfers}
        tabs={[tab("in"), tab("out")]}
        current={direction}
        onChange={setDirection}
      />
      <Sheet title={t.askGoods} open={asking} onClose={() => setAsking(false)}>
        <AskForm onDone={() => setAsking(false)} />
      </Sheet>
    </>
  );
}

function TransferRows({ direction }: { direction: Direction }) {
  const { goods: t } = useWords();
  const placeId = usePlaceId();
  const query = useQuery({
    queryKey: ["transfers", placeId, direction],
    queryFn: () => transferList({ place: placeId, direction, open: true, limit: 100 }),
    refetchInterval: 60_000,
  });
  return (
    <QueryView
      query={query}
      empty={(page) =>
        page.items.length === 0 ? (
          <EmptyState icon="truck" title={direction === "out" ? t.noOut : t.noIn}>
            {t.noText}
          </EmptyState>
        ) : null
      }
    >
      {(page) => (
        <List label={t[direction]}>
          {page.items.map((transfer) => (
            <TransferRow key={transfer.id} transfer={transfer} direction={direction} />
          ))}
        </List>
      )}
    </QueryView>
  );
}

function TransferRow({ transfer, direction }: { transfer: TransferSummary; direction: Direction }) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const out = direction === "out";
  return (
    <ListItem
      href={`/transfers/${transfer.id}`}
      icon="truck"
      title={
        <>
          {out ? t.toPlace : t.fromPlace}{" "}
          <PlaceName id={out ? transfer.to_place_id : transfer.from_place_id} />
        </>
      }
      hint={
        <>
          {t.pieces(number(transfer.sent || transfer.requested))} ·{" "}
          <DateTime value={transfer.updated_at} />
          {transfer.note && ` · ${transfer.note}`}
          {transfer.for_order && (
            <div>
              <ForOrder transfer={transfer} />
            </div>
          )}
        </>
      }
      end={<TransferStateTag state={transfer.state} />}
    />
  );
}

function AskForm({ onDone }: { onDone: () => void }) {
  const { goods: t } = useWords();
  const { text } = useI18n();
  const title = useSkuTitle();
  const placeId = usePlaceId();
  const queries = useQueryClient();
  const [from, setFrom] = useState("");
  const [lines, setLines] = useState<{ sku: SkuWithProduct; quantity: number }[]>([]);
  const [unknown, setUnknown] = useState<string>();
  const places = useQuery({
    queryKey: ["places", "transfer"],
    queryFn: () => placeList({ limit: 200 }),
  });
  const ask = useAction((body: TransferIn, intent) => transferRequest(body, intent), {
    onSuccess: () => {
      toast(t.asked);
      onDone();
      return queries.invalidateQueries({ queryKey: ["transfers"] });
    },
  });
  const found = (sku: SkuWithProduct) => {
    setUnknown(sku.tracked ? undefined : t.untracked);
    if (!sku.tracked) return;
    setLines((now) => {
      const there = now.some((line) => line.sku.id === sku.id);
      if (!there) return [...now, { sku, quantity: 1 }];
      return now.map((line) =>
        line.sku.id === sku.id ? { ...line, quantity: line.quantity + 1 } : line,
      );
    });
  };
  return (
    <Stack>
      <Select
        label={t.from}
        value={from}
        onChange={setFrom}
        options={(places.data?.items ?? [])
          .filter((place) => place.id !== placeId)
          .map((place) => ({ value: place.id, label: text(place.name) }))}
      />
      <ScanBox
        label={t.scan}
        error={unknown}
        onFound={found}
        onUnknown={() => setUnknown(t.unknown)}
      />
      {lines.length > 0 && (
        <List label={t.askGoods}>
          {lines.map((line) => (
            <ListItem
              key={line.sku.id}
              title={title(line.sku)}
              end={
                <Stepper
                  label={t.line(title(line.sku))}
                  min={0}
                  max={9_999}
                  value={line.quantity}
                  onChange={(quantity) =>
                    setLines((now) =>
                      now
                        .map((one) => (one.sku.id === line.sku.id ? { ...one, quantity } : one))
                        .filter((one) => one.quantity > 0),
                    )
                  }
                />
              }
            />
          ))}
        </List>
      )}
      <p className="sl-caption">{t.askText}</p>
      <ProblemNotice error={ask.error} />
      <Button
        kind="primary"
        block
        busy={ask.isPending}
        disabled={from === "" || lines.length === 0}
        onClick={() =>
          ask.mutate({
            from_place_id: from,
            to_place_id: placeId,
            lines: lines.map((line) => ({ sku_id: line.sku.id, quantity: line.quantity })),
          })
        }
      >
        {t.ask}
      </Button>
    </Stack>
  );
}

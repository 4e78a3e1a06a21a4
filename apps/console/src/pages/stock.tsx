import {
  type MovementIn,
  skuList,
  driftCheck,
  driftRepair,
  levelList,
  movementRecord,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  Dialog,
  Notice,
  ProblemNotice,
  Row,
  Select,
  TextArea,
  TextInput,
  toast,
  useStateWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LevelList } from "../parts/levels.tsx";
import { SkuName } from "../parts/names.tsx";
import { PlacePicker, usePlaces } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function StockPage() {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useSession();
  const places = usePlaces().data?.items ?? [];
  const [moving, setMoving] = useState(false);
  return (
    <>
      <LevelList
        name="stock"
        title={t.stock.title}
        intro={<DriftNotice />}
        end={
          may("stock.move") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setMoving(true)}>
              {t.stock.move}
            </Button>
          )
        }
        filters={[
          { key: "q", kind: "search", label: t.stock.search },
          {
            key: "place",
            kind: "choice",
            label: t.stock.place,
            options: places.map((place) => ({ value: place.id, label: text(place.name) })),
          },
        ]}
      />
      <Dialog title={t.stock.move} open={moving} onClose={() => setMoving(false)}>
        <MoveForm onDone={() => setMoving(false)} />
      </Dialog>
    </>
  );
}

function DriftNotice() {
  const t = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const queries = useQueryClient();
  const drift = useQuery({ queryKey: ["drift"], queryFn: driftCheck }).data;
  const repair = useAction(() => driftRepair(), {
    onSuccess: (after) => {
      queries.setQueryData(["drift"], after);
      toast(t.stock.repaired);
    },
  });
  if (!drift) return null;
  return (
    <Notice
      tone={drift.rows === 0 ? "success" : "danger"}
      title={drift.rows === 0 ? t.stock.driftOk : t.stock.driftBad(number(drift.rows))}
    >
      <Row>
        <span>
          {t.stock.checked} <DateTime value={drift.checked_at} />
        </span>
        {drift.rows > 0 && may("stock.repair") && (
          <Button size="small" busy={repair.isPending} onClick={() => repair.mutate(undefined)}>
            {t.stock.repair}
          </Button>
        )}
      </Row>
      <ProblemNotice error={repair.error} />
    </Notice>
  );
}

const KINDS = [
  "receipt",
  "adjustment",
  "damage",
  "count",
  "transfer_out",
  "transfer_in",
  "quarantine",
  "release",
] as const;

function MoveForm({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const states = useStateWords();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [toPlaceId, setToPlaceId] = useState<string | null>(null);
  const [kind, setKind] = useState<(typeof KINDS)[number]>("receipt");
  const [quantity, setQuantity] = useState("");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const wanted = code.trim();
  const sku = useQuery({
    queryKey: ["sku", "code", wanted],
    enabled: wanted.length >= 3,
    queryFn: async () => {
      const byCode = await skuList({ code: wanted });
      const found = byCode.items[0] ?? (await skuList({ barcode: wanted })).items[0];
      return found ?? null;
    },
  }).data;
  const level = useQuery({
    queryKey: ["stock", "level", sku?.id, placeId],
    enabled: Boolean(sku && placeId),
    queryFn: () => levelList({ sku: sku?.id, place: placeId ?? undefined, limit: 1 }),
  }).data?.items[0];
  const move = useAction((body: MovementIn, intent) => movementRecord(body, intent), {
    onSuccess: () => {
      toast(t.stock.moved);
      onDone();
      return queries.invalidateQueries({ queryKey: ["stock"] });
    },
  });
  const whole = /^-?\d+$/.test(quantity.trim()) ? Number(quantity) : null;
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!sku || !placeId || whole === null) return;
        move.mutate({
          kind,
          sku_id: sku.id,
          place_id: placeId,
          quantity: whole,
          ...(kind === "count" ? { expected_on_hand: level?.on_hand ?? 0 } : {}),
          ...(kind === "transfer_out" && toPlaceId ? { to_place_id: toPlaceId } : {}),
          ...(reason.trim() ? { reason: reason.trim() } : {}),
          ...(note.trim() ? { note: note.trim() } : {}),
        });
      }}
    >
      <TextInput
        label={`${t.products.code} / ${t.products.barcode}`}
        hint={sku ? <SkuName id={sku.id} /> : undefined}
        value={code}
        onChange={setCode}
        required
        autoComplete="off"
      />
      <PlacePicker label={t.stock.place} value={placeId} onChange={setPlaceId} />
      <Select
        label={t.stock.kind}
        value={kind}
        onChange={setKind}
        options={KINDS.map((value) => ({ value, label: states.movement[value] }))}
      />
      {kind === "transfer_out" && (
        <PlacePicker label={t.stock.to} value={toPlaceId} onChange={setToPlaceId} />
      )}
      <TextInput
        label={kind === "count" ? t.stock.counted : t.stock.quantity}
        hint={level ? `${t.stock.onHand} ${level.on_hand}` : undefined}
        value={quantity}
        onChange={setQuantity}
        required
        autoComplete="off"
      />
      <TextInput
        label={t.stock.reason}
        optional
        value={reason}
        onChange={setReason}
        maxLength={100}
      />
      <TextArea label={t.stock.note} optional value={note} onChange={setNote} maxLength={500} />
      <ProblemNotice error={move.error} />
      <Button
        kind="primary"
        type="submit"
        busy={move.isPending}
        disabled={!sku || !placeId || whole === null || (kind === "transfer_out" && !toPlaceId)}
      >
        {t.stock.submit}
      </Button>
    </form>
  );
}

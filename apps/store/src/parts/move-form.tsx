import { type MovementIn, placeList, movementRecord, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Notice,
  ProblemNotice,
  Select,
  Stack,
  TextArea,
  TextInput,
  toast,
  useStateWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePlaceId } from "../session.tsx";
import { useWords } from "../words/index.ts";

const KINDS = [
  "receipt",
  "damage",
  "count",
  "adjustment",
  "transfer_out",
  "transfer_in",
  "quarantine",
  "release",
] as const;
type Kind = (typeof KINDS)[number];

/** What a movement does to the pieces on hand; quarantine and release leave them where they are. */
export function onHandAfter(kind: Kind, onHand: number, quantity: number): number {
  switch (kind) {
    case "receipt":
    case "adjustment":
    case "transfer_in":
      return onHand + quantity;
    case "damage":
    case "transfer_out":
      return onHand - quantity;
    case "count":
      return quantity;
    case "quarantine":
    case "release":
      return onHand;
  }
}

type MoveFormProps = {
  skuId: string;
  onHand: number;
  onDone: () => void;
};

/** A ledger entry by hand, with its effect shown before it is made. */
export function MoveForm({ skuId, onHand, onDone }: MoveFormProps) {
  const t = useWords();
  const states = useStateWords();
  const { text, number } = useI18n();
  const placeId = usePlaceId();
  const [kind, setKind] = useState<Kind>("receipt");
  const [typed, setTyped] = useState("");
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const places = useQuery({
    queryKey: ["places", "transfer"],
    queryFn: () => placeList({ limit: 200 }),
    enabled: kind === "transfer_out",
  });
  const move = useAction((body: MovementIn, intent) => movementRecord(body, intent), {
    onSuccess: () => {
      toast(t.stock.moved);
      onDone();
    },
  });
  const quantity = /^-?\d+$/.test(typed.trim()) ? Number(typed) : null;
  const label = { count: t.stock.counted, adjustment: t.stock.signed }[kind as string];
  const submit = () => {
    if (quantity === null) return;
    move.mutate({
      kind,
      sku_id: skuId,
      place_id: placeId,
      quantity,
      ...(kind === "count" ? { expected_on_hand: onHand } : {}),
      ...(kind === "transfer_out" ? { to_place_id: to } : {}),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
      ...(note.trim() ? { note: note.trim() } : {}),
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Select
          label={t.stock.kind}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: states.movement[value] }))}
        />
        <TextInput
          label={label ?? t.stock.quantity}
          hint={kind === "count" ? t.stock.countHint(number(onHand)) : undefined}
          error={typed !== "" && quantity === null ? t.stock.badQuantity : undefined}
          value={typed}
          onChange={setTyped}
          inputMode={kind === "adjustment" ? "text" : "numeric"}
          autoComplete="off"
          required
        />
        {kind === "transfer_out" && (
          <Select
            label={t.stock.to}
            value={to}
            onChange={setTo}
            required
            options={(places.data?.items ?? [])
              .filter((place) => place.id !== placeId)
              .map((place) => ({ value: place.id, label: text(place.name) }))}
          />
        )}
        <TextInput
          label={t.stock.reason}
          optional
          value={reason}
          onChange={setReason}
          maxLength={100}
        />
        <TextArea label={t.stock.note} optional value={note} onChange={setNote} maxLength={500} />
        {quantity !== null && (
          <Notice>
            {t.stock.summary(number(onHand), number(onHandAfter(kind, onHand, quantity)))}
          </Notice>
        )}
        <ProblemNotice error={move.error} />
        <Button
          kind="primary"
          type="submit"
          block
          busy={move.isPending}
          disabled={quantity === null || (kind === "transfer_out" && to === "")}
        >
          {t.stock.submit}
        </Button>
      </Stack>
    </form>
  );
}

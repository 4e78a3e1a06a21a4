/** What a person must decide about an order, with the choices there are. */
import { type DecisionChoice, type Order, orderDecide, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Notice,
  ProblemNotice,
  RadioGroup,
  Stack,
  TextArea,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./pickers.tsx";

type Decision = Parameters<typeof orderDecide>[1];

export function DecisionCard({ order }: { order: Order }) {
  const t = useWords();
  const { text, number } = useI18n();
  const { may } = useSession();
  const open = order.decision;
  if (!open) return null;
  const missing = open.missing
    .map((line) => `${text(line.name)} × ${number(line.quantity)}`)
    .join(t.decisions.and);
  return (
    <Card title={t.decisions.card}>
      <Stack>
        <Notice tone="warning" title={text(open.why)}>
          {missing && (
            <>
              {t.decisions.missing}: {missing}
              <br />
            </>
          )}
          {t.decisions.since} <DateTime value={open.since} as="exact" />
          {open.waits_until && (
            <>
              <br />
              {t.decisions.waitsUntil} <DateTime value={open.waits_until} as="day" />
            </>
          )}
        </Notice>
        {may("order.decide") ? (
          <DecisionForm order={order} choices={open.choices} />
        ) : (
          <p className="sl-caption">{t.decisions.forbidden}</p>
        )}
      </Stack>
    </Card>
  );
}

/** The end of a day as the store's customers understand it. */
function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

function DecisionForm({ order, choices }: { order: Order; choices: DecisionChoice[] }) {
  const t = useWords();
  const queries = useQueryClient();
  const [choice, setChoice] = useState<DecisionChoice>(choices[0] ?? "cancel");
  const [place, setPlace] = useState<string | null>(null);
  const [day, setDay] = useState("");
  const [note, setNote] = useState("");
  const decide = useAction((body: Decision, intent) => orderDecide(order.id, body, intent), {
    onSuccess: (updated) => {
      queries.setQueryData(["object", order.id], updated);
      void queries.invalidateQueries({ queryKey: ["decisions"] });
      toast(t.decisions.done[choice]);
      setNote("");
    },
  });
  const complete = (choice !== "place" || place !== null) && (choice !== "wait" || day !== "");
  const body: Decision = {
    choice,
    lines: [],
    ...(choice === "place" && place ? { place_id: place } : {}),
    ...(choice === "wait" && day ? { until: endOf(day) } : {}),
    ...(note.trim() ? { note: note.trim() } : {}),
  };
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate(body);
      }}
    >
      <RadioGroup
        look="cards"
        label={t.decisions.choose}
        value={choice}
        onChange={setChoice}
        options={choices.map((value) => ({
          value,
          label: t.decisions.choices[value],
          hint: t.decisions.hints[value],
        }))}
      />
      {choice === "place" && (
        <PlacePicker label={t.orders.place} value={place} onChange={setPlace} />
      )}
      {choice === "wait" && (
        <TextInput type="date" label={t.decisions.until} value={day} onChange={setDay} required />
      )}
      <TextArea label={t.decisions.note} optional value={note} onChange={setNote} maxLength={500} />
      <ProblemNotice error={decide.error} />
      <Button
        kind={choice === "cancel" ? "danger" : "primary"}
        type="submit"
        busy={decide.isPending}
        disabled={!complete}
      >
        {t.decisions.choices[choice]}
      </Button>
    </form>
  );
}

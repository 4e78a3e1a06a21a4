import {
  type StockLevel,
  safetyDefaultList,
  safetyDefaultSet,
  safetyStockSet,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Checkbox,
  Dialog,
  Notice,
  ProblemNotice,
  Row,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

/** The most balances one request changes. */
const MOST = 200;

/** What a whole number of pieces is written as; nothing else is one. */
const pieces = (written: string) => (/^\d{1,9}$/.test(written.trim()) ? Number(written) : null);

/** Says what is kept back of the balances somebody chose. */
export function SafetyDialog({
  rows,
  onClose,
  onDone,
}: {
  rows: StockLevel[] | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useWords();
  return (
    <Dialog title={t.safety.title} open={rows !== null} onClose={onClose}>
      {rows && <SafetyForm rows={rows} onDone={onDone} />}
    </Dialog>
  );
}

function SafetyForm({ rows, onDone }: { rows: StockLevel[]; onDone: () => void }) {
  const t = useWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const only = rows.length === 1 ? rows[0] : undefined;
  const [follows, setFollows] = useState(false);
  const [quantity, setQuantity] = useState(only ? String(only.safety_stock) : "");
  const kept = pieces(quantity);
  const set = useAction(
    (safety_stock: number | null, intent) =>
      safetyStockSet(
        { items: rows.map(({ sku_id, place_id }) => ({ sku_id, place_id, safety_stock })) },
        intent,
      ),
    {
      onSuccess: () => {
        toast(t.safety.saved);
        onDone();
        return queries.invalidateQueries();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (follows) set.mutate(null);
        else if (kept !== null) set.mutate(kept);
      }}
    >
      <p>{t.safety.about}</p>
      {rows.length > MOST ? (
        <Notice tone="warning" title={t.safety.tooMany(number(MOST))} />
      ) : (
        <>
          <p>{t.safety.chosen(number(rows.length))}</p>
          <TextInput
            label={t.safety.quantity}
            type="number"
            min={0}
            value={follows ? "" : quantity}
            onChange={setQuantity}
            disabled={follows}
            required={!follows}
          />
          <Checkbox label={t.safety.follow} checked={follows} onChange={setFollows} />
          <ProblemNotice error={set.error} />
          <Button
            kind="primary"
            type="submit"
            busy={set.isPending}
            disabled={!follows && kept === null}
          >
            {t.common.save}
          </Button>
        </>
      )}
    </form>
  );
}

/** What a place keeps back of everything of which nothing else is said. */
export function SafetyDefault({ place }: { place: string }) {
  const t = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  const said = useQuery({ queryKey: ["safety-defaults"], queryFn: safetyDefaultList }).data;
  const kept = said?.items.find((item) => item.place_id === place)?.safety_stock ?? 0;
  return (
    <>
      <Row>
        <span>{said ? t.safety.each(number(kept)) : "—"}</span>
        {said && may("stock.protect") && (
          <Button size="small" kind="quiet" icon="edit" onClick={() => setEditing(true)}>
            {t.safety.change}
          </Button>
        )}
      </Row>
      <Dialog title={t.safety.ofPlace} open={editing} onClose={() => setEditing(false)}>
        <DefaultForm place={place} kept={kept} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function DefaultForm({ place, kept, onDone }: { place: string; kept: number; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [quantity, setQuantity] = useState(String(kept));
  const wanted = pieces(quantity);
  const set = useAction(
    (safety_stock: number, intent) => safetyDefaultSet(place, { safety_stock }, intent),
    {
      onSuccess: () => {
        toast(t.safety.saved);
        onDone();
        return queries.invalidateQueries();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== null) set.mutate(wanted);
      }}
    >
      <p>{t.safety.aboutPlace}</p>
      <TextInput
        label={t.safety.quantity}
        type="number"
        min={0}
        value={quantity}
        onChange={setQuantity}
        required
      />
      <ProblemNotice error={set.error} />
      <Button kind="primary" type="submit" busy={set.isPending} disabled={wanted === null}>
        {t.common.save}
      </Button>
    </form>
  );
}

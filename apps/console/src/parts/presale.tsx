/** Whether a SKU is sold before it is there: shown in its row, changed in a dialog. */
import {
  type Presale,
  type PresaleMode,
  presaleGet,
  presaleSet,
  type Sku,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Dialog,
  IconButton,
  Notice,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Skeleton,
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

/** What a whole number of pieces is written as; nothing else is one. */
const pieces = (written: string) => (/^\d{1,9}$/.test(written.trim()) ? Number(written) : null);

export function PresaleCell({ sku }: { sku: Sku }) {
  const { supplies: t } = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  // A kit has no stock of its own, so nothing of it is due.
  const isSold = sku.tracked && (sku.components ?? []).length === 0;
  const said = useQuery({
    queryKey: ["presale", sku.id],
    queryFn: () => presaleGet(sku.id),
    enabled: isSold && may("stock.read"),
  });
  if (!isSold) return <>—</>;
  return (
    <>
      <Row nowrap>
        <span>
          {!said.data || said.data.mode === "off"
            ? t.ahead.modes.off
            : `${t.ahead.modes[said.data.mode]} · ${t.ahead.used(number(said.data.claimed), number(said.data.cap))}`}
        </span>
        {may("stock.presell") && (
          <IconButton
            icon="edit"
            label={t.ahead.title(sku.code)}
            onClick={() => setEditing(true)}
          />
        )}
      </Row>
      <Dialog title={t.ahead.title(sku.code)} open={editing} onClose={() => setEditing(false)}>
        <QueryView query={said} skeleton={<Skeleton lines={3} />}>
          {(data) => <PresaleForm said={data} onDone={() => setEditing(false)} />}
        </QueryView>
      </Dialog>
    </>
  );
}

const MODES = ["off", "pre_order", "backorder"] as const;

function PresaleForm({ said, onDone }: { said: Presale; onDone: () => void }) {
  const { supplies: t, common } = useWords();
  const queries = useQueryClient();
  const [mode, setMode] = useState<PresaleMode>(said.mode);
  const [written, setWritten] = useState(String(said.cap));
  const cap = pieces(written);
  const set = useAction(
    (body: Parameters<typeof presaleSet>[1], intent) => presaleSet(said.sku_id, body, intent),
    {
      onSuccess: (after) => {
        queries.setQueryData(["presale", said.sku_id], after);
        toast(t.done);
        onDone();
      },
    },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (cap !== null) set.mutate({ mode, cap });
      }}
    >
      <Stack>
        <Select
          label={t.ahead.column}
          value={mode}
          onChange={setMode}
          options={MODES.map((value) => ({ value, label: t.ahead.modes[value] }))}
        />
        <TextInput
          label={t.ahead.cap}
          type="number"
          min={0}
          value={written}
          onChange={setWritten}
          required
        />
        <Notice>{t.ahead.about}</Notice>
        <ProblemNotice error={set.error} />
        <Button kind="primary" type="submit" busy={set.isPending} disabled={cap === null}>
          {common.save}
        </Button>
      </Stack>
    </form>
  );
}

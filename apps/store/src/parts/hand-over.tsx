/** Handing goods over to whoever shows the pickup code, also when something turns out to be missing. */
import {
  type Fulfilment,
  fulfilmentHandOver,
  fulfilmentUnlock,
  type RejectReason,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Checkbox,
  PlaceTime,
  List,
  ListItem,
  Notice,
  ProblemNotice,
  RadioGroup,
  Sheet,
  Stack,
  Stepper,
  TextArea,
  TextInput,
  toast,
  useNow,
} from "@storeloop/ui";
import { useState } from "react";
import { useRefresh } from "../pages/fulfilment.tsx";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

type HandOverBody = Parameters<typeof fulfilmentHandOver>[1];
type Missing = NonNullable<HandOverBody["missing"]>;

export function HandOver({ item }: { item: Fulfilment }) {
  const t = useWords();
  const refresh = useRefresh(item.order_id);
  const now = useNow();
  const [code, setCode] = useState("");
  const [proxy, setProxy] = useState<string | null>(null);
  const [missing, setMissing] = useState<Missing | null>(null);
  const [looking, setLooking] = useState(false);
  const handOver = useAction(
    (body: HandOverBody, intent) => fulfilmentHandOver(item.id, body, intent),
    {
      onSuccess: () => {
        toast(t.hand.done);
        return refresh();
      },
      onError: refresh,
    },
  );
  const locked = item.code_locked_until !== null && Date.parse(item.code_locked_until) > now;
  if (locked) return <Locked item={item} />;
  const all = item.lines.reduce((sum, line) => sum + line.quantity, 0);
  const lacking = missing?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  return (
    <Card title={t.hand.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          handOver.mutate({
            pickup_code: code.trim(),
            ...(proxy?.trim() ? { proxy: proxy.trim() } : {}),
            ...(missing ? { missing } : {}),
          });
        }}
      >
        <Stack>
          <TextInput
            code
            label={t.hand.code}
            hint={t.hand.codeHint}
            value={code}
            onChange={setCode}
            autoComplete="off"
            autoCapitalize="characters"
            required
          />
          <Checkbox
            label={t.hand.proxy}
            checked={proxy !== null}
            onChange={(checked) => setProxy(checked ? "" : null)}
          />
          {proxy !== null && (
            <TextInput
              label={t.hand.proxyName}
              hint={t.hand.proxyHint}
              value={proxy}
              onChange={setProxy}
              autoComplete="off"
              maxLength={100}
              required
            />
          )}
          {missing && (
            <Notice tone="warning" title={t.hand.missingCount(lacking)}>
              {missing.refund ? t.hand.refundNow : t.hand.decideLater}
            </Notice>
          )}
          <ProblemNotice error={handOver.error} />
          <Button kind="primary" type="submit" block icon="check" busy={handOver.isPending}>
            {missing ? t.hand.submitRest : t.hand.submit}
          </Button>
          {all > 1 && (
            <Button block icon="alert" onClick={() => setLooking(true)}>
              {t.hand.missing}
            </Button>
          )}
        </Stack>
      </form>
      <Sheet title={t.hand.missing} open={looking} onClose={() => setLooking(false)}>
        <MissingForm
          item={item}
          onDone={(found) => {
            setMissing(found);
            setLooking(false);
          }}
        />
      </Sheet>
    </Card>
  );
}

/** What is missing at the counter, what that does to the stock, and what the customer wants. */
function MissingForm({
  item,
  onDone,
}: {
  item: Fulfilment;
  onDone: (missing: Missing | null) => void;
}) {
  const t = useWords();
  const { text } = useI18n();
  const [reason, setReason] = useState<RejectReason>("not_in_stock");
  const [refund, setRefund] = useState<"refund" | "later">("refund");
  const [counts, setCounts] = useState<Record<string, number>>({});
  const all = item.lines.reduce((sum, line) => sum + line.quantity, 0);
  const lines = item.lines
    .map((line) => ({
      order_line_id: line.order_line_id,
      quantity: counts[line.order_line_id] ?? 0,
    }))
    .filter((line) => line.quantity > 0);
  const lacking = lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <Stack>
      <List>
        {item.lines.map((line) => (
          <ListItem
            key={line.order_line_id}
            title={text(line.name)}
            hint={text(line.option)}
            end={
              <Stepper
                label={t.reject.quantity(text(line.name))}
                min={0}
                max={line.quantity}
                value={counts[line.order_line_id] ?? 0}
                onChange={(value) => setCounts((now) => ({ ...now, [line.order_line_id]: value }))}
              />
            }
          />
        ))}
      </List>
      <RadioGroup
        look="cards"
        label={t.reject.reason}
        value={reason}
        onChange={setReason}
        options={(["not_in_stock", "damaged", "mismatch"] as const).map((value) => ({
          value,
          label: t.reject[value],
          hint: t.reject[`${value}Hint`],
        }))}
      />
      <RadioGroup
        look="cards"
        label={t.hand.wish}
        value={refund}
        onChange={setRefund}
        options={[
          { value: "refund", label: t.hand.wishRefund, hint: t.hand.refundNow },
          { value: "later", label: t.hand.wishLater, hint: t.hand.decideLater },
        ]}
      />
      {lacking >= all && <Notice tone="warning">{t.hand.allMissing}</Notice>}
      <Button
        kind="primary"
        block
        disabled={lacking >= all}
        onClick={() =>
          onDone(lines.length === 0 ? null : { reason, lines, refund: refund === "refund" })
        }
      >
        {t.hand.takeOver}
      </Button>
    </Stack>
  );
}

/** Too many wrong codes: a manager looks at who stands there. */
function Locked({ item }: { item: Fulfilment }) {
  const t = useWords();
  const { may } = useWork();
  const refresh = useRefresh(item.order_id);
  const [reason, setReason] = useState("");
  const unlock = useAction(
    (why: string, intent) => fulfilmentUnlock(item.id, { reason: why }, intent),
    {
      onSuccess: () => {
        toast(t.hand.unlocked);
        return refresh();
      },
    },
  );
  return (
    <Card title={t.hand.locked}>
      <Stack>
        <Notice tone="warning">
          {t.hand.lockedText}{" "}
          {item.code_locked_until && (
            <PlaceTime place={item.place_id} value={item.code_locked_until} as="time" />
          )}
        </Notice>
        {may("fulfilment.unlock") ? (
          <form
            className="sl-stack"
            onSubmit={(event) => {
              event.preventDefault();
              unlock.mutate(reason.trim());
            }}
          >
            <TextArea
              label={t.hand.unlockReason}
              value={reason}
              onChange={setReason}
              required
              maxLength={500}
            />
            <ProblemNotice error={unlock.error} />
            <Button type="submit" block busy={unlock.isPending} disabled={!reason.trim()}>
              {t.hand.unlock}
            </Button>
          </form>
        ) : (
          <p className="sl-caption">{t.hand.askManager}</p>
        )}
      </Stack>
    </Card>
  );
}

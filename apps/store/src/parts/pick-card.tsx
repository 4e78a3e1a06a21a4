import {
  type Fulfilment,
  fulfilmentPick,
  fulfilmentReject,
  type FulfilmentLine,
  type Order,
  type RejectReason,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  IconButton,
  List,
  ListItem,
  Notice,
  Picture,
  ProblemNotice,
  RadioGroup,
  Row,
  Sheet,
  Stack,
  Stepper,
  TextArea,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { useRefresh } from "../pages/fulfilment.tsx";
import { useWords } from "../words/index.ts";

/** Pieces picked so far, by order line. */
type Picked = Record<string, number>;

/** Picking: by scanner, by finger, or with a reason why not. */
export function PickCard({ order, item }: { order: Order; item: Fulfilment }) {
  const t = useWords();
  const refresh = useRefresh(order.id);
  const [picked, setPicked] = useState<Picked>({});
  const [rejecting, setRejecting] = useState(false);
  const all = item.lines.reduce((sum, line) => sum + line.quantity, 0);
  const done = Object.values(picked).reduce((sum, count) => sum + count, 0);
  const count = (line: FulfilmentLine, by: 1 | -1) =>
    setPicked((now) => ({
      ...now,
      [line.order_line_id]: (now[line.order_line_id] ?? 0) + by,
    }));
  const pick = useAction((id: string, intent) => fulfilmentPick(id, intent), {
    onSuccess: () => {
      toast(item.method === "collect" ? t.pick.done : t.pick.doneShip);
      return refresh();
    },
  });
  return (
    <Card
      title={t.pick.title}
      end={
        <span className="store-pick__count" role="status">
          {t.pick.checked(done, all)}
        </span>
      }
    >
      <Stack>
        <Scanner lines={item.lines} picked={picked} onCount={(line) => count(line, 1)} />
        <List label={t.order.lines}>
          {item.lines.map((line) => (
            <PickLine
              key={line.order_line_id}
              line={line}
              count={picked[line.order_line_id] ?? 0}
              onCount={(by) => count(line, by)}
            />
          ))}
        </List>
        <ProblemNotice error={pick.error} />
        {done < all && <p className="sl-caption">{t.pick.leftOver}</p>}
        <Button
          kind="primary"
          block
          icon="check"
          disabled={done < all}
          busy={pick.isPending}
          onClick={() => pick.mutate(item.id)}
        >
          {item.method === "collect" ? t.pick.allPicked : t.pick.allPickedShip}
        </Button>
        <Button kind="danger" block icon="cross" onClick={() => setRejecting(true)}>
          {t.pick.cannot}
        </Button>
      </Stack>
      <Sheet title={t.reject.title} open={rejecting} onClose={() => setRejecting(false)}>
        <RejectForm item={item} picked={picked} onDone={() => setRejecting(false)} />
      </Sheet>
    </Card>
  );
}

type PickLineProps = { line: FulfilmentLine; count: number; onCount: (by: 1 | -1) => void };

function PickLine({ line, count, onCount }: PickLineProps) {
  const t = useWords();
  const { text } = useI18n();
  const complete = count >= line.quantity;
  return (
    <ListItem
      start={
        <span className="store-thumb">
          <Picture media={line.image} name={text(line.name)} decorative />
        </span>
      }
      title={text(line.name)}
      hint={
        <>
          {text(line.option)}
          {line.barcode && <span className="sl-mono"> · {line.barcode}</span>}
        </>
      }
      end={
        <Row nowrap>
          {count > 0 && (
            <IconButton icon="undo" label={t.pick.putBack} onClick={() => onCount(-1)} />
          )}
          <Button
            kind={complete ? "secondary" : "primary"}
            size="small"
            icon={complete ? "check" : "plus"}
            disabled={complete}
            aria-label={`${t.pick.take} ${count}/${line.quantity}: ${text(line.name)}`}
            onClick={() => onCount(1)}
          >
            {count}/{line.quantity}
          </Button>
        </Row>
      }
    />
  );
}

type ScannerProps = {
  lines: FulfilmentLine[];
  picked: Picked;
  onCount: (line: FulfilmentLine) => void;
};

/** A scanner types a code and presses Enter; so may a person. */
function Scanner({ lines, picked, onCount }: ScannerProps) {
  const t = useWords();
  const [code, setCode] = useState("");
  const [error, setError] = useState<string>();
  const scanned = () => {
    const matching = lines.filter((line) => line.barcode === code.trim());
    const open = matching.find((line) => (picked[line.order_line_id] ?? 0) < line.quantity);
    setCode("");
    if (open) {
      setError(undefined);
      onCount(open);
    } else {
      setError(matching.length > 0 ? t.pick.tooMany : t.pick.unknownCode);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) scanned();
      }}
    >
      <TextInput
        label={t.pick.scan}
        hint={t.pick.scanHint}
        error={error}
        value={code}
        onChange={setCode}
        autoComplete="off"
        inputMode="numeric"
        enterKeyHint="done"
      />
    </form>
  );
}

type RejectFormProps = { item: Fulfilment; picked: Picked; onDone: () => void };

function RejectForm({ item, picked, onDone }: RejectFormProps) {
  const t = useWords();
  const { text } = useI18n();
  const [, navigate] = useLocation();
  const refresh = useRefresh(item.order_id);
  const [reason, setReason] = useState<RejectReason>("not_in_stock");
  const [note, setNote] = useState("");
  const missing = (line: FulfilmentLine) => line.quantity - (picked[line.order_line_id] ?? 0);
  const [quantities, setQuantities] = useState<Picked>(() =>
    Object.fromEntries(item.lines.map((line) => [line.order_line_id, missing(line)])),
  );
  const reject = useAction(
    (body: Parameters<typeof fulfilmentReject>[1], intent) =>
      fulfilmentReject(item.id, body, intent),
    {
      onSuccess: async ({ order }) => {
        const next = order.fulfilments.find(
          (one) => one.id !== item.id && one.state === "requested",
        );
        toast(next ? t.reject.moved(text(next.place_name)) : t.reject.undecided);
        await refresh();
        const mine = order.fulfilments.find((one) => one.id === item.id);
        if (mine?.state === "rejected") navigate("/");
        else onDone();
      },
    },
  );
  const lines = item.lines
    .map((line) => ({
      order_line_id: line.order_line_id,
      quantity: quantities[line.order_line_id] ?? 0,
    }))
    .filter((line) => line.quantity > 0);
  return (
    <Stack>
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
                value={quantities[line.order_line_id] ?? 0}
                onChange={(value) =>
                  setQuantities((now) => ({ ...now, [line.order_line_id]: value }))
                }
              />
            }
          />
        ))}
      </List>
      <TextArea label={t.reject.note} optional value={note} onChange={setNote} maxLength={500} />
      <Notice>{t.reject.before}</Notice>
      <ProblemNotice error={reject.error} />
      <Button
        kind="danger"
        block
        disabled={lines.length === 0}
        busy={reject.isPending}
        onClick={() =>
          reject.mutate({ reason, lines, ...(note.trim() ? { note: note.trim() } : {}) })
        }
      >
        {t.reject.submit}
      </Button>
    </Stack>
  );
}

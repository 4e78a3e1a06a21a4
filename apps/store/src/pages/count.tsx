import {
  type Count,
  countGet,
  type CountLine,
  countLineList,
  type CountReason,
  countSubmit,
  countTake,
  type SkuWithProduct,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  CountStateTag,
  EmptyState,
  IconButton,
  List,
  ListItem,
  Notice,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  Ring,
  Row,
  Select,
  Sheet,
  Stack,
  Stepper,
  Tabs,
  Tag,
  TextInput,
  toast,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ScanBox, useSkus, useSkuTitle } from "../parts/skus.tsx";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

type Whole = { count: Count; lines: CountLine[] };

/** A sheet with all its lines: at most 2,000, 200 at a time. */
async function wholeCount(id: string): Promise<Whole> {
  const count = await countGet(id);
  const lines: CountLine[] = [];
  let cursor: string | undefined;
  do {
    const page = await countLineList(id, { cursor, limit: 200 });
    lines.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  return { count, lines };
}

export default function CountPage({ id }: { id: string }) {
  const whole = useQuery({ queryKey: ["count", id], queryFn: () => wholeCount(id) });
  return <QueryView query={whole}>{(data) => <Body {...data} />}</QueryView>;
}

function Body({ count, lines }: Whole) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number, percent } = useI18n();
  const { may } = useWork();
  const share = count.lines === 0 ? 0 : count.counted / count.lines;
  return (
    <>
      <PageHeader
        back="/counts"
        title={words.scope[count.scope]}
        end={<CountStateTag state={count.state} />}
      />
      <Row nowrap>
        <Ring value={share} label={t.progress(number(count.counted), number(count.lines))}>
          {percent(share, 0)}
        </Ring>
        <strong role="status">{t.progress(number(count.counted), number(count.lines))}</strong>
      </Row>
      {count.state === "open" && may("count.take") ? (
        <Counting count={count} lines={lines} />
      ) : (
        <Closed count={count} lines={lines} />
      )}
    </>
  );
}

function Closed({ count, lines }: Whole) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const skus = useSkus(lines.map((line) => line.sku_id));
  const pieces = (value: number | null) => number(value ?? 0);
  return (
    <>
      {count.state === "posted" && (
        <Notice tone="success" title={t.posted}>
          {t.postedText(pieces(count.missing), pieces(count.surplus))}
        </Notice>
      )}
      {count.state === "review" && (
        <Notice tone="warning" title={t.review}>
          {t.reviewText}
        </Notice>
      )}
      {count.state === "cancelled" && <Notice title={t.cancelled}>{t.cancelledText}</Notice>}
      <List label={t.done}>
        {lines
          .filter((line) => line.counted !== null)
          .map((line) => (
            <LineItem key={line.sku_id} line={line} sku={skus.get(line.sku_id)} />
          ))}
      </List>
    </>
  );
}

type LineItemProps = {
  line: CountLine;
  sku: SkuWithProduct | undefined;
  onClick?: () => void;
};

function LineItem({ line, sku, onClick }: LineItemProps) {
  const { goods: t } = useWords();
  const { text, number } = useI18n();
  const title = useSkuTitle();
  const parts = [
    line.counted !== null && !line.again && t.found(number(line.counted)),
    line.expected !== null && t.expected(number(line.expected)),
  ].filter(Boolean);
  const explained =
    (line.picked ?? 0) + (line.picking ?? 0) > 0
      ? t.explained(number(line.picked ?? 0), number(line.picking ?? 0))
      : "";
  return (
    <ListItem
      {...(onClick ? { onClick } : {})}
      start={
        sku && (
          <span className="store-thumb">
            <Picture media={sku.product.image} name={text(sku.product.name)} decorative />
          </span>
        )
      }
      title={title(sku)}
      hint={`${parts.join(" · ")}${explained}`}
      end={line.again ? <Tag tone="warning">{t.again}</Tag> : <Difference line={line} />}
    />
  );
}

function Difference({ line }: { line: CountLine }) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  if (line.variance === null) return null;
  if (line.variance === 0) return <Tag tone="success">{t.same}</Tag>;
  return (
    <Tag tone={line.variance < 0 ? "danger" : "warning"} icon={line.variance < 0 ? "down" : "up"}>
      {number(line.variance, { signDisplay: "exceptZero" })}
    </Tag>
  );
}

/** Pieces counted and not yet saved, by SKU. */
type Pending = Record<string, number>;

function Counting({ count, lines }: Whole) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const title = useSkuTitle();
  const [pending, setPending] = useState<Pending>({});
  const [scanned, setScanned] = useState<Record<string, SkuWithProduct>>({});
  const [unknown, setUnknown] = useState<string>();
  const [tab, setTab] = useState<"todo" | "done">("todo");
  const [open, setOpen] = useState<string | null>(null);
  const [handingIn, setHandingIn] = useState(false);
  const skus = useSkus(lines.map((line) => line.sku_id));
  const skuOf = (id: string) => skus.get(id) ?? scanned[id];
  const save = useAction(
    (found: Pending, intent) =>
      countTake(
        count.id,
        {
          lines: Object.entries(found).map(([sku_id, counted]) => ({ sku_id, counted })),
        },
        intent,
      ),
    {
      onSuccess: async (_, found) => {
        // What was scanned while this was on its way stays to be saved.
        setPending((now) =>
          Object.fromEntries(Object.entries(now).filter(([id, n]) => found[id] !== n)),
        );
        toast(t.saved);
        await queries.invalidateQueries({ queryKey: ["count", count.id] });
      },
    },
  );
  const found = (sku: SkuWithProduct) => {
    setUnknown(sku.tracked ? undefined : t.untracked);
    if (!sku.tracked) return;
    setScanned((now) => ({ ...now, [sku.id]: sku }));
    setPending((now) => ({ ...now, [sku.id]: (now[sku.id] ?? 0) + 1 }));
  };
  const waiting = Object.entries(pending);
  const isDone = (line: CountLine) => line.counted !== null && !line.again;
  const panel = (shown: CountLine[]) => (
    <List label={tab === "todo" ? t.todo : t.done}>
      {shown.map((line) => (
        <LineItem
          key={line.sku_id}
          line={line}
          sku={skuOf(line.sku_id)}
          onClick={() => setOpen(line.sku_id)}
        />
      ))}
    </List>
  );
  const todo = lines.filter((line) => !isDone(line));
  const done = lines.filter(isDone);
  return (
    <>
      <ScanBox
        label={t.scan}
        hint={t.scanHint}
        error={unknown}
        onFound={found}
        onUnknown={() => setUnknown(t.unknown)}
      />
      {waiting.length > 0 && (
        <Card title={t.pending}>
          <Stack>
            {waiting.map(([id, quantity]) => (
              <Stack key={id} gap={1}>
                <span>{title(skuOf(id))}</span>
                <Row between nowrap>
                  <Stepper
                    till
                    label={`${t.quantity}: ${title(skuOf(id))}`}
                    min={0}
                    max={999_999}
                    value={quantity}
                    onChange={(value) => setPending((now) => ({ ...now, [id]: value }))}
                  />
                  <IconButton
                    icon="close"
                    label={t.dropPending(title(skuOf(id)))}
                    onClick={() =>
                      setPending((now) =>
                        Object.fromEntries(Object.entries(now).filter(([one]) => one !== id)),
                      )
                    }
                  />
                </Row>
              </Stack>
            ))}
            <ProblemNotice error={save.error} />
            <Button
              kind="primary"
              size="till"
              block
              icon="check"
              busy={save.isPending}
              onClick={() => save.mutate(pending)}
            >
              {t.save(waiting.length)}
            </Button>
          </Stack>
        </Card>
      )}
      <Tabs
        label={t.counts}
        current={tab}
        onChange={setTab}
        tabs={[
          {
            key: "todo",
            label: `${t.todo} ${number(todo.length)}`,
            panel:
              todo.length === 0 ? (
                <EmptyState icon="check" title={t.allDone}>
                  {t.allDoneText}
                </EmptyState>
              ) : (
                panel(todo)
              ),
          },
          { key: "done", label: `${t.done} ${number(done.length)}`, panel: panel(done) },
        ]}
      />
      <Button
        kind={todo.length === 0 ? "primary" : "secondary"}
        block
        disabled={done.length === 0 || waiting.length > 0}
        onClick={() => setHandingIn(true)}
      >
        {t.handIn}
      </Button>
      <Sheet
        title={title(open ? skuOf(open) : undefined)}
        open={open !== null}
        onClose={() => setOpen(null)}
      >
        {open !== null && (
          <NumberForm
            start={pending[open] ?? null}
            onNote={(quantity) => {
              setPending((now) => ({ ...now, [open]: quantity }));
              setOpen(null);
            }}
          />
        )}
      </Sheet>
      <Sheet title={t.handIn} open={handingIn} onClose={() => setHandingIn(false)}>
        <HandIn count={count} lines={done} left={todo.length} skuOf={skuOf} />
      </Sheet>
    </>
  );
}

function NumberForm({
  start,
  onNote,
}: {
  start: number | null;
  onNote: (quantity: number) => void;
}) {
  const { goods: t } = useWords();
  const [typed, setTyped] = useState(start === null ? "" : String(start));
  const quantity = /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (quantity !== null) onNote(quantity);
      }}
    >
      <Stack>
        <TextInput
          label={t.quantity}
          value={typed}
          onChange={setTyped}
          inputMode="numeric"
          autoComplete="off"
          enterKeyHint="done"
          autoFocus
        />
        <Button kind="primary" size="till" block type="submit" disabled={quantity === null}>
          {t.setQuantity}
        </Button>
      </Stack>
    </form>
  );
}

const REASONS = ["lost", "damaged", "misplaced", "unrecorded", "miscounted", "other"] as const;

type HandInProps = {
  count: Count;
  lines: CountLine[];
  left: number;
  skuOf: (id: string) => SkuWithProduct | undefined;
};

/** What differs and why, before it is handed in; a blind count shows nothing of it. */
function HandIn({ count, lines, left, skuOf }: HandInProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const title = useSkuTitle();
  const queries = useQueryClient();
  const [reasons, setReasons] = useState<Record<string, CountReason>>({});
  const submit = useAction(
    (given: Record<string, CountReason>, intent) =>
      countSubmit(
        count.id,
        {
          reasons: Object.entries(given).map(([sku_id, reason]) => ({ sku_id, reason })),
          leave_uncounted: true,
        },
        intent,
      ),
    {
      onSuccess: () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: ["count", count.id] }),
          queries.invalidateQueries({ queryKey: ["counts"] }),
        ]),
    },
  );
  return (
    <Stack>
      {left > 0 && <Notice tone="warning">{t.handInLeft(number(left))}</Notice>}
      {lines
        .filter((line) => line.variance)
        .map((line) => (
          <Card
            key={line.sku_id}
            title={title(skuOf(line.sku_id))}
            end={<Difference line={line} />}
          >
            <Select
              label={t.reason}
              value={reasons[line.sku_id] ?? ""}
              options={REASONS.map((value) => ({ value, label: words.countReason[value] }))}
              onChange={(reason) => setReasons((now) => ({ ...now, [line.sku_id]: reason }))}
            />
          </Card>
        ))}
      <p className="sl-caption">{t.handInSmall}</p>
      <ProblemNotice error={submit.error} />
      <Button
        kind="primary"
        size="till"
        block
        busy={submit.isPending}
        onClick={() => submit.mutate(reasons)}
      >
        {t.handIn}
      </Button>
    </Stack>
  );
}

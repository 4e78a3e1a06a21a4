import {
  type ShortReason,
  type SkuWithProduct,
  type Transfer,
  transferApprove,
  transferGet,
  type TransferLine,
  type TransferOutcome,
  transferPick,
  transferReceive,
  transferSettle,
  transferShip,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  List,
  ListItem,
  Notice,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Stack,
  Stepper,
  Tag,
  TextInput,
  Timeline,
  toast,
  TransferStateTag,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { PlaceName } from "../parts/place-name.tsx";
import { ScanBox, useSkus, useSkuTitle } from "../parts/skus.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function TransferPage({ id }: { id: string }) {
  const transfer = useQuery({ queryKey: ["transfer", id], queryFn: () => transferGet(id) });
  return <QueryView query={transfer}>{(data) => <Body transfer={data} />}</QueryView>;
}

type Skus = Map<string, SkuWithProduct>;
type StepProps = { transfer: Transfer; skus: Skus };

function Body({ transfer }: { transfer: Transfer }) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const skus = useSkus(transfer.lines.map((line) => line.sku_id));
  const items = transfer.steps.map((step) => {
    const said = [words.step[step.kind], step.note].filter(Boolean).join(" · ");
    // The words are chosen here, in the reader's language.
    return {
      at: step.at,
      kind: step.kind,
      text: { zh: said, en: said },
      actor: step.actor,
      facts: {},
    };
  });
  return (
    <>
      <PageHeader
        back="/transfers"
        title={
          <>
            <PlaceName id={transfer.from_place_id} /> → <PlaceName id={transfer.to_place_id} />
          </>
        }
        end={<TransferStateTag state={transfer.state} />}
      />
      {transfer.note && <p>{transfer.note}</p>}
      <NextStep transfer={transfer} skus={skus} />
      <Card title={t.transfers}>
        <Timeline items={items.reverse()} />
      </Card>
    </>
  );
}

/** What this store has to do now; the other store's work is only shown. */
function NextStep({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const { may } = useWork();
  const placeId = usePlaceId();
  const sends = placeId === transfer.from_place_id;
  const back = transfer.state === "returning" || transfer.state === "return_short";
  const receives = placeId === (back ? transfer.from_place_id : transfer.to_place_id);
  switch (transfer.state) {
    case "requested":
      if (sends && may("transfer.approve")) return <Approve transfer={transfer} skus={skus} />;
      break;
    case "approved":
      if (sends && may("transfer.send")) return <Pack transfer={transfer} skus={skus} />;
      break;
    case "picked":
      if (sends && may("transfer.send")) return <Send transfer={transfer} skus={skus} />;
      break;
    case "shipped":
    case "returning":
      if (receives && may("transfer.receive")) return <Receive transfer={transfer} skus={skus} />;
      break;
    case "short":
    case "return_short":
      if (receives && may("transfer.receive")) return <Settle transfer={transfer} skus={skus} />;
      break;
    default:
      return <Lines transfer={transfer} skus={skus} />;
  }
  return (
    <>
      <Notice>{t.waits}</Notice>
      <Lines transfer={transfer} skus={skus} />
    </>
  );
}

function useStep<I>(
  transfer: Transfer,
  run: (input: I, intent: { key: string }) => Promise<Transfer>,
) {
  const { goods: t } = useWords();
  const queries = useQueryClient();
  return useAction(run, {
    onSuccess: (after) => {
      queries.setQueryData(["transfer", transfer.id], after);
      toast(t.recorded);
      return queries.invalidateQueries({ queryKey: ["transfers"] });
    },
  });
}

type LineProps = {
  line: TransferLine;
  sku: SkuWithProduct | undefined;
  hint?: ReactNode;
  end: ReactNode;
};

function Line({ line, sku, hint, end }: LineProps) {
  const { text } = useI18n();
  const title = useSkuTitle();
  return (
    <ListItem
      key={line.sku_id}
      start={
        sku && (
          <span className="store-thumb">
            <Picture media={sku.product.image} name={text(sku.product.name)} decorative />
          </span>
        )
      }
      title={title(sku)}
      hint={hint ?? (sku && <span className="sl-mono">{sku.code}</span>)}
      end={end}
    />
  );
}

function Lines({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  return (
    <List label={t.transfers}>
      {transfer.lines.map((line) => (
        <Line
          key={line.sku_id}
          line={line}
          sku={skus.get(line.sku_id)}
          end={
            <Row nowrap>
              {line.on_the_road > 0 && transfer.state === "short" && (
                <Tag tone="danger">{t.open(number(line.on_the_road))}</Tag>
              )}
              <strong>{number(line.picked || line.approved || line.requested)}</strong>
            </Row>
          }
        />
      ))}
    </List>
  );
}

function Approve({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const step = useStep(transfer, (_: string, intent) => transferApprove(transfer.id, {}, intent));
  return (
    <>
      <Lines transfer={transfer} skus={skus} />
      <Notice>{t.approveText}</Notice>
      <ProblemNotice error={step.error} />
      <Button
        kind="primary"
        size="till"
        block
        icon="check"
        busy={step.isPending}
        onClick={() => step.mutate(transfer.id)}
      >
        {t.approve}
      </Button>
    </>
  );
}

function Pack({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const title = useSkuTitle();
  const [packed, setPacked] = useState<Record<string, number>>({});
  const [unknown, setUnknown] = useState<string>();
  const step = useStep(transfer, (body: Parameters<typeof transferPick>[1], intent) =>
    transferPick(transfer.id, body, intent),
  );
  const lines = transfer.lines.filter((line) => line.approved > 0);
  const of = (line: TransferLine) => packed[line.sku_id] ?? 0;
  const set = (line: TransferLine, quantity: number) =>
    setPacked((now) => ({ ...now, [line.sku_id]: Math.min(quantity, line.approved) }));
  const found = (sku: SkuWithProduct) => {
    const line = lines.find((one) => one.sku_id === sku.id);
    setUnknown(line ? undefined : t.unknown);
    if (line) set(line, of(line) + 1);
  };
  return (
    <>
      <h2>{t.pack}</h2>
      <ScanBox
        label={t.scan}
        error={unknown}
        onFound={found}
        onUnknown={() => setUnknown(t.unknown)}
      />
      <List label={t.pack}>
        {lines.map((line) => (
          <Line
            key={line.sku_id}
            line={line}
            sku={skus.get(line.sku_id)}
            end={
              <Row nowrap>
                <Stepper
                  till
                  label={t.line(title(skus.get(line.sku_id)))}
                  min={0}
                  max={line.approved}
                  value={of(line)}
                  onChange={(quantity) => set(line, quantity)}
                />
                <strong>/ {line.approved}</strong>
              </Row>
            }
          />
        ))}
      </List>
      <Notice>{t.packText}</Notice>
      <ProblemNotice error={step.error} />
      <Button
        kind="primary"
        size="till"
        block
        icon="check"
        busy={step.isPending}
        disabled={lines.every((line) => of(line) === 0)}
        onClick={() =>
          step.mutate({
            lines: lines.map((line) => ({ sku_id: line.sku_id, quantity: of(line) })),
          })
        }
      >
        {t.packed}
      </Button>
    </>
  );
}

function Send({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const [note, setNote] = useState("");
  const step = useStep(transfer, (body: { note?: string }, intent) =>
    transferShip(transfer.id, body, intent),
  );
  const pieces = transfer.lines.reduce((sum, line) => sum + line.picked, 0);
  return (
    <>
      <Lines transfer={transfer} skus={skus} />
      <TextInput label={t.sendNote} optional value={note} onChange={setNote} maxLength={500} />
      <Notice>{t.sendText(number(pieces))}</Notice>
      <ProblemNotice error={step.error} />
      <Button
        kind="primary"
        size="till"
        block
        icon="truck"
        busy={step.isPending}
        onClick={() => step.mutate(note.trim() ? { note: note.trim() } : {})}
      >
        {t.send}
      </Button>
    </>
  );
}

const SHORT = ["not_packed", "lost_on_the_way", "another_parcel", "unknown"] as const;

type Arrival = { arrived: number; damaged: number; reason: ShortReason | "" };
const NONE: Arrival = { arrived: 0, damaged: 0, reason: "" };

function Receive({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const title = useSkuTitle();
  const [arrivals, setArrivals] = useState<Record<string, Arrival>>({});
  const [unknown, setUnknown] = useState<string>();
  const step = useStep(transfer, (body: Parameters<typeof transferReceive>[1], intent) =>
    transferReceive(transfer.id, body, intent),
  );
  const lines = transfer.lines.filter((line) => line.on_the_road > 0);
  const of = (line: TransferLine) => arrivals[line.sku_id] ?? NONE;
  const missing = (line: TransferLine) => line.on_the_road - of(line).arrived - of(line).damaged;
  const set = (line: TransferLine, change: Partial<Arrival>) =>
    setArrivals((now) => ({ ...now, [line.sku_id]: { ...of(line), ...change } }));
  const found = (sku: SkuWithProduct) => {
    const line = lines.find((one) => one.sku_id === sku.id && missing(one) > 0);
    setUnknown(line ? undefined : t.unknown);
    if (line) set(line, { arrived: of(line).arrived + 1 });
  };
  const unclear = lines.some((line) => missing(line) > 0 && of(line).reason === "");
  return (
    <>
      <h2>{t.receive}</h2>
      <p className="sl-caption">{t.receiveText}</p>
      <ScanBox
        label={t.scan}
        error={unknown}
        onFound={found}
        onUnknown={() => setUnknown(t.unknown)}
      />
      <Button
        block
        icon="check"
        onClick={() =>
          setArrivals(
            Object.fromEntries(
              lines.map((line) => [line.sku_id, { ...NONE, arrived: line.on_the_road }]),
            ),
          )
        }
      >
        {t.allGood}
      </Button>
      {lines.map((line) => (
        <Card
          key={line.sku_id}
          title={title(skus.get(line.sku_id))}
          end={
            missing(line) > 0 ? (
              <Tag tone="warning">{t.missing(number(missing(line)))}</Tag>
            ) : (
              <Tag tone="success">{number(line.on_the_road)}</Tag>
            )
          }
        >
          <Stack>
            <Row between>
              <span>{t.arrived}</span>
              <Stepper
                till
                label={`${t.arrived}: ${title(skus.get(line.sku_id))}`}
                min={0}
                max={line.on_the_road - of(line).damaged}
                value={of(line).arrived}
                onChange={(arrived) => set(line, { arrived })}
              />
            </Row>
            <Row between>
              <span>{t.damaged}</span>
              <Stepper
                till
                label={`${t.damaged}: ${title(skus.get(line.sku_id))}`}
                min={0}
                max={line.on_the_road - of(line).arrived}
                value={of(line).damaged}
                onChange={(damaged) => set(line, { damaged })}
              />
            </Row>
            {missing(line) > 0 && (
              <Select
                label={t.shortReason}
                value={of(line).reason}
                options={SHORT.map((value) => ({ value, label: words.shortReason[value] }))}
                onChange={(reason) => set(line, { reason })}
              />
            )}
          </Stack>
        </Card>
      ))}
      <ProblemNotice error={step.error} />
      <Button
        kind="primary"
        size="till"
        block
        icon="check"
        busy={step.isPending}
        disabled={unclear}
        onClick={() =>
          step.mutate({
            lines: lines.map((line) => {
              const { arrived, damaged, reason } = of(line);
              return {
                sku_id: line.sku_id,
                arrived,
                damaged,
                reason: missing(line) > 0 && reason !== "" ? reason : null,
              };
            }),
          })
        }
      >
        {t.confirmReceive}
      </Button>
    </>
  );
}

const OUTCOMES = ["found", "damaged", "lost", "never_left"] as const;

type Chosen = { quantity: number; outcome: TransferOutcome };

function Settle({ transfer, skus }: StepProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const title = useSkuTitle();
  const goingBack = transfer.state === "return_short";
  const [chosen, setChosen] = useState<Record<string, Chosen>>({});
  const step = useStep(transfer, (body: Parameters<typeof transferSettle>[1], intent) =>
    transferSettle(transfer.id, body, intent),
  );
  const lines = transfer.lines.filter((line) => line.on_the_road > 0);
  const settled = lines.flatMap((line) => {
    const one = chosen[line.sku_id];
    return one ? [{ sku_id: line.sku_id, ...one }] : [];
  });
  return (
    <>
      <h2>{t.settle}</h2>
      <p className="sl-caption">{t.settleText}</p>
      {lines.map((line) => {
        const one = chosen[line.sku_id];
        return (
          <Card
            key={line.sku_id}
            title={title(skus.get(line.sku_id))}
            end={<Tag tone="danger">{t.open(number(line.on_the_road))}</Tag>}
          >
            <Stack>
              {line.reason && <p className="sl-caption">{words.shortReason[line.reason]}</p>}
              <Select
                label={t.outcome}
                value={one?.outcome ?? ""}
                options={OUTCOMES.filter((value) => !goingBack || value !== "never_left").map(
                  (value) => ({ value, label: words.outcome[value] }),
                )}
                onChange={(outcome) =>
                  setChosen((now) => ({
                    ...now,
                    [line.sku_id]: { quantity: one?.quantity ?? line.on_the_road, outcome },
                  }))
                }
              />
              {one && line.on_the_road > 1 && (
                <Stepper
                  till
                  label={t.line(title(skus.get(line.sku_id)))}
                  min={1}
                  max={line.on_the_road}
                  value={one.quantity}
                  onChange={(quantity) =>
                    setChosen((now) => ({ ...now, [line.sku_id]: { ...one, quantity } }))
                  }
                />
              )}
            </Stack>
          </Card>
        );
      })}
      <ProblemNotice error={step.error} />
      <Button
        kind="primary"
        size="till"
        block
        icon="check"
        busy={step.isPending}
        disabled={settled.length === 0}
        onClick={() => step.mutate({ lines: settled })}
      >
        {t.settle}
      </Button>
    </>
  );
}

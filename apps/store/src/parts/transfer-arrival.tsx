/** Goods that arrive from another store: every piece is good, broken, or accounted for. */
import {
  type ShortReason,
  type SkuWithProduct,
  type Transfer,
  type TransferLine,
  type TransferOutcome,
  transferReceive,
  transferSettle,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Notice,
  ProblemNotice,
  Row,
  Select,
  Stack,
  Stepper,
  Tag,
  toast,
  useGoodsWords,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { ScanBox, useSkuTitle } from "./skus.tsx";

export type StepProps = { transfer: Transfer; skus: Map<string, SkuWithProduct> };

/** One step of a transfer; the page then shows the next. */
export function useStep<I>(
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

const SHORT = ["not_packed", "lost_on_the_way", "another_parcel", "unknown"] as const;

type Arrival = { arrived: number; damaged: number; reason: ShortReason | "" };
const NONE: Arrival = { arrived: 0, damaged: 0, reason: "" };

export function Receive({ transfer, skus }: StepProps) {
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
      {transfer.promised > 0 && <Notice>{t.forOrderArrived}</Notice>}
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

export function Settle({ transfer, skus }: StepProps) {
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

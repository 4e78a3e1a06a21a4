import {
  type SkuWithProduct,
  type Transfer,
  transferApprove,
  transferCancel,
  transferGet,
  type TransferLine,
  transferPick,
  transferShip,
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
  Stepper,
  Tag,
  TextInput,
  Timeline,
  TransferStateTag,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ForOrder } from "../parts/for-order.tsx";
import { PlaceName } from "../parts/place-name.tsx";
import { ScanBox, useSkus, useSkuTitle } from "../parts/skus.tsx";
import { Receive, Settle, type StepProps, useStep } from "../parts/transfer-arrival.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function TransferPage({ id }: { id: string }) {
  const transfer = useQuery({ queryKey: ["transfer", id], queryFn: () => transferGet(id) });
  return <QueryView query={transfer}>{(data) => <Body transfer={data} />}</QueryView>;
}

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
      {transfer.for_order && (
        <p>
          <ForOrder transfer={transfer} />
        </p>
      )}
      <NextStep transfer={transfer} skus={skus} />
      <Card title={t.steps}>
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
  const { number } = useI18n();
  const title = useSkuTitle();
  const [packed, setPacked] = useState<Record<string, number>>({});
  const [unknown, setUnknown] = useState<string>();
  const step = useStep(transfer, (body: Parameters<typeof transferPick>[1], intent) =>
    transferPick(transfer.id, body, intent),
  );
  const { may } = useWork();
  const cannot = useStep(transfer, (body: Parameters<typeof transferCancel>[1], intent) =>
    transferCancel(transfer.id, body, intent),
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
      {transfer.promised > 0 && <Notice>{t.forOrderText}</Notice>}
      {lines.map((line) => (
        <Card
          key={line.sku_id}
          title={title(skus.get(line.sku_id))}
          end={<span className="sl-mono">{skus.get(line.sku_id)?.code}</span>}
        >
          <Row between nowrap>
            <Stepper
              till
              label={t.line(title(skus.get(line.sku_id)))}
              min={0}
              max={line.approved}
              value={of(line)}
              onChange={(quantity) => set(line, quantity)}
            />
            <strong>/ {number(line.approved)}</strong>
          </Row>
        </Card>
      ))}
      <Notice>{t.packText}</Notice>
      <ProblemNotice error={step.error ?? cannot.error} />
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
      {transfer.promised > 0 && may("transfer.request") && (
        <Button
          kind="quiet"
          block
          busy={cannot.isPending}
          onClick={() => cannot.mutate({ note: t.cannotSendNote })}
        >
          {t.cannotSend}
        </Button>
      )}
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

import { type Transfer, transferGet, type TransferLine, type TransferState } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Notice,
  PageHeader,
  QueryView,
  Row,
  Stack,
  Timeline,
  TransferStateTag,
  useGoodsWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { SkuName, useStaffName } from "../parts/names.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { type TransferMove, TransferMoveDialog } from "../parts/transfer-steps.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function TransferPage({ id }: { id: string }) {
  const transfer = useQuery({ queryKey: ["object", id], queryFn: () => transferGet(id) });
  return <QueryView query={transfer}>{(data) => <Body transfer={data} />}</QueryView>;
}

/** What can be done next, and who may. */
const NEXT: Partial<Record<TransferState, { move: TransferMove; right: string }>> = {
  requested: { move: "approve", right: "transfer.approve" },
  approved: { move: "pack", right: "transfer.send" },
  picked: { move: "send", right: "transfer.send" },
  shipped: { move: "receive", right: "transfer.receive" },
  short: { move: "settle", right: "transfer.receive" },
  returning: { move: "receive", right: "transfer.receive" },
  return_short: { move: "settle", right: "transfer.receive" },
};
const CANCELLABLE = new Set<TransferState>(["requested", "approved", "picked", "shipped"]);

function Body({ transfer }: { transfer: Transfer }) {
  const { goods: t, supplies } = useWords();
  const { may } = useSession();
  const { date } = useI18n();
  const placeName = usePlaceName();
  const [move, setMove] = useState<TransferMove | null>(null);
  const next = NEXT[transfer.state];
  return (
    <>
      <PageHeader
        back="/transfers"
        title={`${placeName(transfer.from_place_id)} → ${placeName(transfer.to_place_id)}`}
        end={
          <Row>
            <TransferStateTag state={transfer.state} />
            {next && may(next.right) && (
              <Button size="small" kind="primary" onClick={() => setMove(next.move)}>
                {t[next.move]}
              </Button>
            )}
            {CANCELLABLE.has(transfer.state) && may("transfer.request") && (
              <Button size="small" kind="danger" onClick={() => setMove("cancel")}>
                {t.cancel}
              </Button>
            )}
          </Row>
        }
      />
      {transfer.discrepancies.length > 0 && (
        <Notice tone="warning" title={t.discrepancy(transfer.discrepancies.length)} />
      )}
      <div className="console-columns">
        <Card title={t.lines} end={<Door href={`/ledger?source=${transfer.id}`}>{t.entries}</Door>}>
          <Lines lines={transfer.lines} />
        </Card>
        <Stack>
          {transfer.for_order && (
            <Card title={t.forOrder}>
              <Door href={`/orders/${transfer.for_order.order_id}`}>
                <span className="sl-mono">{transfer.for_order.order_number}</span>
              </Door>
              <p className="sl-muted">
                {transfer.promised > 0 ? t.forOrderText : t.forOrderNoMore}
              </p>
            </Card>
          )}
          {transfer.due_at && transfer.state === "shipped" && (
            <Card
              title={t.due}
              end={
                may("transfer.send") && (
                  <Button size="small" kind="quiet" icon="edit" onClick={() => setMove("due")}>
                    {supplies.move}
                  </Button>
                )
              }
            >
              {date(transfer.due_at)}
            </Card>
          )}
          {transfer.note && <Card title={t.note}>{transfer.note}</Card>}
          <Card title={t.steps}>
            <Steps transfer={transfer} />
          </Card>
        </Stack>
      </div>
      <TransferMoveDialog transfer={transfer} move={move} onDone={() => setMove(null)} />
    </>
  );
}

function Lines({ lines }: { lines: TransferLine[] }) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const figure = (key: Exclude<keyof TransferLine, "sku_id" | "reason">, title: string) => ({
    key,
    title,
    align: "right" as const,
    render: (_: unknown, line: TransferLine) => number(line[key]),
  });
  // What nothing happened to takes no room.
  const troubles = (
    [
      ["damaged", t.damaged],
      ["lost", t.lost],
      ["kept", t.kept],
    ] as const
  ).filter(([key]) => lines.some((line) => line[key] > 0));
  return (
    <Table<TransferLine>
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      rowKey="sku_id"
      dataSource={lines}
      columns={[
        {
          key: "sku",
          title: t.sku,
          render: (_, line) => (
            <>
              <SkuName id={line.sku_id} />
              {line.reason && <div className="sl-caption">{words.shortReason[line.reason]}</div>}
            </>
          ),
        },
        figure("requested", t.requested),
        figure("approved", t.approved),
        figure("picked", t.packed),
        figure("arrived", t.arrived),
        ...troubles.map(([key, title]) => figure(key, title)),
        figure("on_the_road", t.onTheRoad),
      ]}
    />
  );
}

function Steps({ transfer }: { transfer: Transfer }) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const nameOf = useStaffName();
  const said = (step: Transfer["steps"][number]) => {
    const pieces = step.lines.reduce((sum, line) => sum + line.quantity, 0);
    const parts = [words.step[step.kind]];
    if (pieces > 0) parts.push(t.pieces(number(pieces)));
    if (step.note) parts.push(step.note);
    return parts.join(" · ");
  };
  const items = transfer.steps.map((step) => ({
    at: step.at,
    kind: step.kind,
    // The words are chosen here, in the reader's language.
    text: { zh: said(step), en: said(step) },
    actor: step.actor,
    facts: {},
  }));
  return <Timeline items={items.reverse()} nameOf={nameOf} />;
}

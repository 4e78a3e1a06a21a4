import { type Supply, supplyGet } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Facts,
  Notice,
  PageHeader,
  QueryView,
  Row,
  Stack,
  Timeline,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { SkuName, useStaffName } from "../parts/names.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { type SupplyMove, SupplyMoveDialog } from "../parts/supply-steps.tsx";
import { SupplyTag } from "../parts/supply-tag.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function SupplyPage({ id }: { id: string }) {
  const supply = useQuery({ queryKey: ["object", id], queryFn: () => supplyGet(id) });
  return <QueryView query={supply}>{(data) => <Body supply={data} />}</QueryView>;
}

function Body({ supply }: { supply: Supply }) {
  const { supplies: t } = useWords();
  const { may } = useSession();
  const { date, number } = useI18n();
  const placeName = usePlaceName();
  const [move, setMove] = useState<SupplyMove | null>(null);
  const isOpen = supply.state === "expected";
  const facts = [
    { label: t.kind, value: t.kinds[supply.kind] },
    {
      label: t.place,
      value: <Door href={`/places/${supply.place_id}`}>{placeName(supply.place_id)}</Door>,
    },
    { label: t.due, value: date(supply.due_at) },
    ...(supply.due_at === supply.first_due_at
      ? []
      : [{ label: t.first, value: date(supply.first_due_at) }]),
    { label: t.left, value: t.pieces(number(supply.due)) },
    ...(supply.note ? [{ label: t.note, value: supply.note }] : []),
  ];
  return (
    <>
      <PageHeader
        back="/supplies"
        title={supply.reference}
        end={
          <Row>
            <SupplyTag state={supply.state} />
            {isOpen && may("stock.move") && (
              <Button size="small" kind="primary" onClick={() => setMove("receive")}>
                {t.receive}
              </Button>
            )}
            {isOpen && may("supply.manage") && (
              <>
                <Button size="small" onClick={() => setMove("move")}>
                  {t.move}
                </Button>
                <Button size="small" kind="danger" onClick={() => setMove("cancel")}>
                  {t.cancel}
                </Button>
              </>
            )}
          </Row>
        }
      />
      {supply.overdue && <Notice tone="warning" title={t.overdueText} />}
      <div className="console-columns">
        <Card title={t.lines} end={<Door href={`/ledger?source=${supply.id}`}>{t.entries}</Door>}>
          <Lines supply={supply} />
        </Card>
        <Stack>
          <Card>
            <Facts items={facts} />
          </Card>
          <Card title={t.steps}>
            <Steps supply={supply} />
          </Card>
        </Stack>
      </div>
      <SupplyMoveDialog supply={supply} move={move} onDone={() => setMove(null)} />
    </>
  );
}

function Lines({ supply }: { supply: Supply }) {
  const { supplies: t } = useWords();
  const { number } = useI18n();
  const figure = (key: "expected" | "arrived" | "due", title: string) => ({
    key,
    title,
    align: "right" as const,
    render: (_: unknown, line: Supply["lines"][number]) => number(line[key]),
  });
  return (
    <Table<Supply["lines"][number]>
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      rowKey="sku_id"
      dataSource={supply.lines}
      columns={[
        { key: "sku", title: t.sku, render: (_, line) => <SkuName id={line.sku_id} /> },
        figure("expected", t.expected),
        figure("arrived", t.arrived),
        figure("due", t.left),
      ]}
    />
  );
}

function Steps({ supply }: { supply: Supply }) {
  const { supplies: t } = useWords();
  const { number, date } = useI18n();
  const nameOf = useStaffName();
  const said = (step: Supply["steps"][number]) => {
    const pieces = step.lines.reduce((sum, line) => sum + line.quantity, 0);
    const parts = [t.step[step.kind]];
    if (step.due_before) parts.push(`${date(step.due_before)} → ${date(step.due_at)}`);
    if (pieces > 0) parts.push(t.pieces(number(pieces)));
    if (step.note) parts.push(step.note);
    return parts.join(" · ");
  };
  const items = supply.steps.map((step) => ({
    at: step.at,
    kind: step.kind,
    // The words are chosen here, in the reader's language.
    text: { zh: said(step), en: said(step) },
    actor: step.actor,
    facts: {},
  }));
  return <Timeline items={items.reverse()} nameOf={nameOf} />;
}

import { type Promotion, promotionList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, DateTime } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { StandingTag, useAudienceText, useValidityText } from "../parts/price-fields.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function PromotionsPage() {
  const t = useWords();
  const { may } = useSession();
  const { text, number, date } = useI18n();
  const audience = useAudienceText();
  const validity = useValidityText();
  const uses = (row: Promotion) => {
    if (!row.typed_code) return "";
    const most = row.typed_code.max_uses;
    return most === null ? number(row.code_uses) : `${number(row.code_uses)} / ${number(most)}`;
  };
  const columns: Column<Promotion>[] = [
    {
      key: "name",
      title: t.products.name,
      render: (row) => <Door href={`/promotions/${row.id}`}>{text(row.name)}</Door>,
      text: (row) => text(row.name),
    },
    {
      key: "standing",
      title: t.prices.standing,
      render: (row) => <StandingTag standing={row.standing} />,
      text: (row) => t.prices.standings[row.standing],
    },
    {
      key: "terms",
      title: t.prices.terms,
      render: (row) => text(row.terms),
      text: (row) => text(row.terms),
    },
    {
      key: "code",
      title: t.prices.code,
      render: (row) => <span className="sl-mono">{row.code}</span>,
      text: (row) => row.code,
    },
    {
      key: "typed",
      title: t.prices.typedCode,
      render: (row) => row.typed_code && <span className="sl-mono">{row.typed_code.code}</span>,
      text: (row) => row.typed_code?.code ?? "",
    },
    {
      key: "uses",
      title: t.prices.uses,
      align: "right",
      render: uses,
      text: uses,
    },
    {
      key: "audience",
      title: t.prices.audience,
      render: (row) => audience(row.audience),
      text: (row) => audience(row.audience),
    },
    {
      key: "validity",
      title: t.prices.validity,
      render: (row) => validity(row),
      text: (row) => validity(row),
    },
    {
      key: "priority",
      title: t.prices.priority,
      align: "right",
      render: (row) => number(row.priority),
      text: (row) => String(row.priority),
    },
    {
      key: "group",
      title: t.prices.group,
      render: (row) => row.group ?? "—",
      text: (row) => row.group ?? "",
      optional: true,
    },
    {
      key: "updated",
      title: t.prices.updated,
      render: (row) => <DateTime value={row.updated_at} />,
      text: (row) => date(row.updated_at),
      optional: true,
    },
  ];
  return (
    <ListView
      name="promotions"
      title={t.prices.promotionsTitle}
      end={
        may("price.manage") && (
          <Button size="small" kind="primary" icon="plus" href="/promotions/new">
            {t.prices.addPromotion}
          </Button>
        )
      }
      none={{ title: t.prices.noPromotions, text: t.prices.noPromotionsText }}
      columns={columns}
      filters={[]}
      load={(_, cursor) => promotionList({ cursor })}
      rowKey={(row) => row.id}
      href={(row) => `/promotions/${row.id}`}
    />
  );
}

import { type PriceList, priceListList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, DateTime, Row } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { StandingTag, useAudienceText, useValidityText } from "../parts/price-fields.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function PriceListsPage() {
  const t = useWords();
  const { may } = useSession();
  const { text, number, date } = useI18n();
  const audience = useAudienceText();
  const validity = useValidityText();
  const columns: Column<PriceList>[] = [
    {
      key: "name",
      title: t.products.name,
      render: (row) => <Door href={`/prices/${row.id}`}>{text(row.name)}</Door>,
      text: (row) => text(row.name),
    },
    {
      key: "standing",
      title: t.prices.standing,
      render: (row) => <StandingTag standing={row.standing} />,
      text: (row) => t.prices.standings[row.standing],
    },
    {
      key: "code",
      title: t.prices.code,
      render: (row) => <span className="sl-mono">{row.code}</span>,
      text: (row) => row.code,
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
      key: "currency",
      title: t.prices.currency,
      render: (row) => row.currency,
      text: (row) => row.currency,
    },
    {
      key: "entries",
      title: t.prices.entries,
      align: "right",
      render: (row) => number(row.entry_count),
      text: (row) => String(row.entry_count),
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
      name="price-lists"
      none={{ title: t.prices.noLists, text: t.prices.noListsText }}
      title={t.prices.listsTitle}
      intro={<p className="sl-caption">{t.prices.rule}</p>}
      end={
        <Row>
          <Button size="small" icon="settings" href="/price-settings">
            {t.prices.settingsTitle}
          </Button>
          {may("price.manage") && (
            <Button size="small" kind="primary" icon="plus" href="/prices/new">
              {t.prices.addList}
            </Button>
          )}
        </Row>
      }
      columns={columns}
      filters={[]}
      load={(_, cursor) => priceListList({ cursor })}
      rowKey={(row) => row.id}
      href={(row) => `/prices/${row.id}`}
    />
  );
}

import {
  itemsOf,
  pages,
  type ReplenishmentSaid,
  type ReplenishmentSetting,
  type ReplenishmentSubject,
  replenishmentDefaultList,
  replenishmentSettingList,
  replenishmentSettingPut,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Dialog,
  EmptyState,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  ShowMore,
  Stack,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { Actor, SkuName } from "../parts/names.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { SettingForm } from "../parts/replenishment-setting.tsx";
import "../replenishment.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function ReplenishmentSettingsPage() {
  const { replenishment: t } = useWords();
  const { may } = useSession();
  const [editing, setEditing] = useState<ReplenishmentSetting | "new" | null>(null);
  const settings = useInfiniteQuery(
    pages(["replenishment-settings"], (cursor) => replenishmentSettingList({ cursor, limit: 100 })),
  );
  return (
    <>
      <PageHeader
        back="/replenishment"
        title={t.settings}
        end={
          may("replenishment.manage") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setEditing("new")}>
              {t.addSetting}
            </Button>
          )
        }
      />
      <Stack>
        <p className="sl-muted">{t.settingsText}</p>
        <Card>
          <QueryView
            query={settings}
            empty={(data) =>
              itemsOf(data).length > 0 ? null : (
                <EmptyState icon="settings" title={t.noSettings}>
                  {t.noSettingsText}
                </EmptyState>
              )
            }
          >
            {(data) => (
              <>
                <Said settings={itemsOf(data)} onEdit={setEditing} />
                <ShowMore query={settings} />
              </>
            )}
          </QueryView>
        </Card>
        <Defaults />
      </Stack>
      <Dialog
        title={editing === "new" ? t.addSetting : t.editSetting}
        open={editing !== null}
        onClose={() => setEditing(null)}
      >
        {editing && (
          <SettingForm
            setting={editing === "new" ? null : editing}
            onDone={() => setEditing(null)}
          />
        )}
      </Dialog>
    </>
  );
}

type SaidProps = {
  settings: ReplenishmentSetting[];
  onEdit: (setting: ReplenishmentSetting) => void;
};

function Said({ settings, onEdit }: SaidProps) {
  const { replenishment: t } = useWords();
  const { may } = useSession();
  const queries = useQueryClient();
  const remove = useAction(
    (subject: ReplenishmentSubject, intent) =>
      replenishmentSettingPut({ subject, said: {} }, intent),
    {
      onSuccess: () => {
        toast(t.saved);
        return queries.invalidateQueries({ queryKey: ["replenishment-settings"] });
      },
    },
  );
  return (
    <>
      <ProblemNotice error={remove.error} />
      <Table<ReplenishmentSetting>
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey={(row) => JSON.stringify(row.subject)}
        dataSource={settings}
        columns={[
          { key: "subject", title: t.subject, render: (_, row) => <About subject={row.subject} /> },
          { key: "said", title: t.said, render: (_, row) => <Words said={row.said} /> },
          { key: "by", title: t.by, render: (_, row) => <Actor id={row.actor} /> },
          { key: "at", title: t.decided, render: (_, row) => <DateTime value={row.set_at} /> },
          {
            key: "do",
            title: "",
            render: (_, row) =>
              may("replenishment.manage") && (
                <Row nowrap>
                  <Button size="small" kind="quiet" icon="edit" onClick={() => onEdit(row)}>
                    {t.editSetting}
                  </Button>
                  <Button
                    size="small"
                    kind="quiet"
                    icon="trash"
                    busy={remove.isPending}
                    onClick={() => remove.mutate(row.subject)}
                  >
                    {t.removeSetting}
                  </Button>
                </Row>
              ),
          },
        ]}
      />
    </>
  );
}

function About({ subject }: { subject: ReplenishmentSubject }) {
  const { replenishment: t } = useWords();
  const placeName = usePlaceName();
  switch (subject.kind) {
    case "transfers":
    case "purchases":
      return <>{t.subjects[subject.kind]}</>;
    case "supplier":
      return (
        <>
          {t.supplier} {subject.name}
        </>
      );
    case "place":
      return <>{placeName(subject.place_id)}</>;
    case "sku":
      return <SkuName id={subject.sku_id} />;
    case "sku_at":
      return (
        <>
          <SkuName id={subject.sku_id} /> · {placeName(subject.place_id)}
        </>
      );
  }
}

/** What is said, in words. */
function Words({ said }: { said: ReplenishmentSaid }) {
  const { replenishment: t } = useWords();
  const { number } = useI18n();
  const placeName = usePlaceName();
  const w = t.termWords;
  const known = <V,>(value: V | null | undefined, words: (value: V) => string) =>
    value === null || value === undefined ? [] : [words(value)];
  const all = [
    ...known(said.measure, (value) => `${w.measure} ${t.measures[value]}`),
    ...known(said.service_percent, (value) => `${w.service} ${value} %`),
    ...known(said.lead_days, (value) => `${w.lead} ${t.days(number(value))}`),
    ...known(said.lead_sd_days, (value) => `${w.leadSd} ${number(value)}`),
    ...known(said.review_days, (value) => `${w.review} ${t.days(number(value))}`),
    ...known(said.cover_days, (value) => `${w.cover} ${t.days(number(value))}`),
    ...known(said.pack, (value) => `${w.pack} ${number(value)}`),
    ...known(said.minimum, (value) => `${w.minimum} ${number(value)}`),
    ...known(said.display, (value) => `${w.display} ${number(value)}`),
    ...known(said.capacity, (value) => `${w.capacity} ${number(value)}`),
    ...known(said.supplier, (value) => `${w.supplier} ${value}`),
    ...known(
      said.source,
      (value) =>
        `${w.source} ${value.kind === "place" ? placeName(value.place_id) : t.sources[value.kind]}`,
    ),
  ];
  return <>{all.join(" · ")}</>;
}

function Defaults() {
  const { replenishment: t } = useWords();
  const defaults = useQuery({
    queryKey: ["replenishment-defaults"],
    queryFn: replenishmentDefaultList,
  });
  return (
    <Card title={t.defaults}>
      <QueryView query={defaults}>
        {(data) => (
          <Stack gap={2}>
            {(["transfers", "purchases"] as const).map((key) => (
              <p key={key}>
                <strong>{t.subjects[key]}</strong>
                <br />
                <Words said={data[key]} />
              </p>
            ))}
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

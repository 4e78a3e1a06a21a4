import {
  isProblem,
  sourcingRulesGet,
  sourcingRulesList,
  sourcingRulesReplace,
  type SourcingRules,
  type SourcingRulesVersion,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Notice,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  Stack,
  Tag,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Actor } from "../parts/names.tsx";
import { CostsCard, LimitsCard, TiersCard, useRulesForm } from "../parts/sourcing-editor.tsx";
import { formOf, rulesOf } from "../parts/sourcing-form.ts";
import { ReplaysCard } from "../parts/sourcing-replays.tsx";
import { TryCard } from "../parts/sourcing-try.tsx";
import { useSession } from "../session.tsx";
import "../sourcing.css";
import { useWords } from "../words/index.ts";

const KEY = ["sourcing", "rules"];

export default function SourcingPage() {
  const rules = useQuery({ queryKey: KEY, queryFn: sourcingRulesGet });
  return (
    <QueryView query={rules}>{(data) => <Body key={data.version} inForce={data} />}</QueryView>
  );
}

function Body({ inForce }: { inForce: SourcingRulesVersion }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const readOnly = !may("sourcing.manage");
  const { form, setForm, changed, reset } = useRulesForm(formOf(inForce.rules));
  const rules = rulesOf(form);
  const part = { form, onChange: setForm, readOnly };
  return (
    <>
      <PageHeader
        title={t.title}
        end={
          <Tag tone="info">
            {inForce.version === 0 ? t.initial : t.inForce(number(inForce.version))}
          </Tag>
        }
      />
      <Stack>
        <Notice title={t.steps}>{t.stepsText}</Notice>
        {readOnly && <Notice>{t.readOnly}</Notice>}
        <div className="console-columns">
          <Stack>
            <TiersCard {...part} />
            <CostsCard {...part} />
            <LimitsCard {...part} />
            {!readOnly && (
              <SaveBar inForce={inForce} rules={rules} changed={changed} onReset={reset} />
            )}
          </Stack>
          <Stack>
            <TryCard rules={rules} />
            <ReplaysCard rules={rules} />
            <VersionsCard onUse={readOnly ? null : (one) => setForm(formOf(one.rules))} />
          </Stack>
        </div>
      </Stack>
    </>
  );
}

type SaveBarProps = {
  inForce: SourcingRulesVersion;
  rules: SourcingRules | null;
  changed: boolean;
  onReset: () => void;
};

function SaveBar({ inForce, rules, changed, onReset }: SaveBarProps) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const save = useAction(
    (body: { rules: SourcingRules; note: string | null }, intent) =>
      sourcingRulesReplace(body, { ...intent, ifMatch: inForce.version }),
    {
      onSuccess: (version) => {
        toast(t.saved(number(version.version)));
        queries.setQueryData(KEY, version);
        return queries.invalidateQueries({ queryKey: ["sourcing"] });
      },
    },
  );
  const isStale = isProblem(save.error, "precondition.failed");
  const reset = () => {
    save.reset();
    onReset();
    void queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <form
      className="sl-stack sourcing-foot"
      onSubmit={(event) => {
        event.preventDefault();
        if (rules) save.mutate({ rules, note: note.trim() || null });
      }}
    >
      {rules === null && (
        <Notice tone="warning" live>
          {t.invalid}
        </Notice>
      )}
      {isStale ? (
        <Notice tone="warning" live title={t.stale}>
          {t.staleText}
        </Notice>
      ) : (
        <ProblemNotice error={save.error} />
      )}
      {changed && (
        <TextInput
          label={t.note}
          placeholder={t.notePlaceholder}
          optional
          maxLength={500}
          value={note}
          onChange={setNote}
        />
      )}
      <Row>
        <Button
          kind="primary"
          type="submit"
          busy={save.isPending}
          disabled={!changed || rules === null}
        >
          {changed ? t.save : t.unchanged}
        </Button>
        {changed && <Button onClick={reset}>{t.reset}</Button>}
      </Row>
    </form>
  );
}

function VersionsCard({ onUse }: { onUse: ((version: SourcingRulesVersion) => void) | null }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const versions = useQuery({
    queryKey: ["sourcing", "versions"],
    queryFn: () => sourcingRulesList({ limit: 20 }),
  });
  return (
    <Card title={t.versions}>
      <QueryView
        query={versions}
        empty={(data) => (data.items.length > 0 ? null : <p>{t.initial}</p>)}
      >
        {(data) => (
          <Stack gap={2}>
            {data.items.map((one) => (
              <Row between key={one.version}>
                <span>
                  <strong>{number(one.version)}</strong> {one.note ?? ""}
                  <div className="sl-caption">
                    <DateTime value={one.changed_at} /> · <Actor id={one.actor} />
                  </div>
                </span>
                {onUse && (
                  <Button size="small" onClick={() => onUse(one)}>
                    {t.useVersion}
                  </Button>
                )}
              </Row>
            ))}
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

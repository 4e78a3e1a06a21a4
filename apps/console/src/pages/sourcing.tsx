import {
  isProblem,
  sourcingReplayGet,
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
import { useLocation, useSearch } from "wouter";
import { Actor } from "../parts/names.tsx";
import {
  CostsCard,
  LimitsCard,
  TiersCard,
  ToStoreCard,
  useRulesForm,
} from "../parts/sourcing-editor.tsx";
import { formOf, rulesOf } from "../parts/sourcing-form.ts";
import { ReplaysCard } from "../parts/sourcing-replays.tsx";
import { TryCard } from "../parts/sourcing-try.tsx";
import { useSession } from "../session.tsx";
import "../sourcing.css";
import { useWords } from "../words/index.ts";

const KEY = ["sourcing", "rules"];

export default function SourcingPage() {
  const replay = new URLSearchParams(useSearch()).get("replay");
  return replay === null ? <InForce /> : <FromReplay id={replay} />;
}

/** The editor with the rules of a replay, to be changed further or put into force. */
function FromReplay({ id }: { id: string }) {
  const replay = useQuery({
    queryKey: ["sourcing", "replay", id],
    queryFn: () => sourcingReplayGet(id),
  });
  return <QueryView query={replay}>{(data) => <InForce draft={data.rules} />}</QueryView>;
}

function InForce({ draft }: { draft?: SourcingRules }) {
  const rules = useQuery({ queryKey: KEY, queryFn: sourcingRulesGet });
  return (
    <QueryView query={rules}>
      {(data) => <Body inForce={data} {...(draft ? { draft } : {})} />}
    </QueryView>
  );
}

function Body({ inForce, draft }: { inForce: SourcingRulesVersion; draft?: SourcingRules }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const readOnly = !may("sourcing.manage");
  const [base, setBase] = useState(inForce);
  const { form, setForm, changed } = useRulesForm(formOf(base.rules), draft && formOf(draft));
  const adopt = (version: SourcingRulesVersion) => {
    setBase(version);
    setForm(formOf(version.rules));
  };
  // Somebody else's change is shown at once where nothing was typed; what was typed is never lost to it.
  if (inForce.version !== base.version && !changed) adopt(inForce);
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
            <ToStoreCard {...part} />
            {!readOnly && (
              <SaveBar
                base={base}
                isStale={inForce.version !== base.version}
                rules={rules}
                changed={changed}
                onAdopt={adopt}
              />
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
  /** What was changed. */
  base: SourcingRulesVersion;
  /** Whether another version is in force by now. */
  isStale: boolean;
  rules: SourcingRules | null;
  changed: boolean;
  onAdopt: (version: SourcingRulesVersion) => void;
};

function SaveBar({ base, isStale, rules, changed, onAdopt }: SaveBarProps) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [note, setNote] = useState("");
  const save = useAction(
    (body: { rules: SourcingRules; note: string | null }, intent) =>
      sourcingRulesReplace(body, { ...intent, ifMatch: base.version }),
    {
      onSuccess: (version) => {
        toast(t.saved(number(version.version)));
        setNote("");
        queries.setQueryData(KEY, version);
        onAdopt(version);
        go("/sourcing", { replace: true });
        return queries.invalidateQueries({ queryKey: ["sourcing", "versions"] });
      },
    },
  );
  const reset = useAction(
    () => queries.fetchQuery({ queryKey: KEY, queryFn: sourcingRulesGet, staleTime: 0 }),
    {
      onSuccess: (latest) => {
        save.reset();
        onAdopt(latest);
        go("/sourcing", { replace: true });
      },
    },
  );
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
      {isStale || isProblem(save.error, "precondition.failed") ? (
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
        {changed && (
          <Button busy={reset.isPending} onClick={() => reset.mutate(undefined)}>
            {t.reset}
          </Button>
        )}
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

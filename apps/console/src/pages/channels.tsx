import {
  type Channel,
  channelList,
  channelReplace,
  type ChannelTerms,
  type ChannelTermsVersion,
  channelVersionList,
  isProblem,
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
  RadioGroup,
  Row,
  Stack,
  Tag,
  TextInput,
  toast,
  useStateWords,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { BuffersCard, SellsFromCard } from "../parts/channel-editor.tsx";
import { formOf, type TermsForm, termsOf } from "../parts/channel-form.ts";
import { ChannelPreviewCard } from "../parts/channel-preview.tsx";
import { Actor } from "../parts/names.tsx";
import { useSession } from "../session.tsx";
import "../sourcing.css";
import { useWords } from "../words/index.ts";

const KEY = ["channels"];

export default function ChannelsPage() {
  const channels = useQuery({ queryKey: KEY, queryFn: channelList });
  return <QueryView query={channels}>{(data) => <Channels inForce={data.items} />}</QueryView>;
}

function Channels({ inForce }: { inForce: ChannelTermsVersion[] }) {
  const { channels: t } = useWords();
  const states = useStateWords();
  const { number } = useI18n();
  const { may } = useSession();
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch()).get("channel");
  const current = inForce.find((one) => one.channel === asked) ?? inForce[0];
  if (!current) return null;
  return (
    <>
      <PageHeader
        title={t.title}
        end={
          <Tag tone={current.version === 0 ? "neutral" : "info"}>
            {current.version === 0 ? t.usual : t.inForce(number(current.version))}
          </Tag>
        }
      />
      <Stack>
        <Notice title={t.how}>{t.howText}</Notice>
        {!may("channel.manage") && <Notice>{t.readOnly}</Notice>}
        <RadioGroup
          label={t.channel}
          look="chips"
          value={current.channel}
          onChange={(channel) => go(`/channels?channel=${channel}`, { replace: true })}
          options={inForce.map((one) => ({
            value: one.channel,
            label: states.channel[one.channel],
          }))}
        />
        <Body key={current.channel} inForce={current} readOnly={!may("channel.manage")} />
      </Stack>
    </>
  );
}

function Body({ inForce, readOnly }: { inForce: ChannelTermsVersion; readOnly: boolean }) {
  const [base, setBase] = useState(inForce);
  const [form, setForm] = useState<TermsForm>(() => formOf(inForce.terms));
  const changed = JSON.stringify(form) !== JSON.stringify(formOf(base.terms));
  const adopt = (version: ChannelTermsVersion) => {
    setBase(version);
    setForm(formOf(version.terms));
  };
  // Somebody else's change is shown at once where nothing was typed; what was typed is never lost to it.
  if (inForce.version !== base.version && !changed) adopt(inForce);
  const terms = termsOf(form);
  const part = { form, onChange: setForm, readOnly };
  return (
    <div className="console-columns">
      <Stack>
        <SellsFromCard {...part} />
        <BuffersCard {...part} />
        {!readOnly && (
          <SaveBar
            base={base}
            isStale={inForce.version !== base.version}
            terms={terms}
            changed={changed}
            onAdopt={adopt}
          />
        )}
      </Stack>
      <Stack>
        <ChannelPreviewCard channel={base.channel} terms={terms} isDraft={changed} />
        <VersionsCard
          channel={base.channel}
          onUse={readOnly ? null : (one) => setForm(formOf(one.terms))}
        />
      </Stack>
    </div>
  );
}

type SaveBarProps = {
  /** What was changed. */
  base: ChannelTermsVersion;
  /** Whether another version is in force by now. */
  isStale: boolean;
  terms: ChannelTerms | null;
  changed: boolean;
  onAdopt: (version: ChannelTermsVersion) => void;
};

function SaveBar({ base, isStale, terms, changed, onAdopt }: SaveBarProps) {
  const { channels: t } = useWords();
  const states = useStateWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const save = useAction(
    (body: { terms: ChannelTerms; note: string | null }, intent) =>
      channelReplace(base.channel, body, { ...intent, ifMatch: base.version }),
    {
      onSuccess: (version) => {
        toast(t.saved(states.channel[version.channel], number(version.version)));
        setNote("");
        onAdopt(version);
        return queries.invalidateQueries({ queryKey: KEY });
      },
    },
  );
  const reset = useAction(
    () => queries.fetchQuery({ queryKey: KEY, queryFn: channelList, staleTime: 0 }),
    {
      onSuccess: ({ items }) => {
        save.reset();
        const latest = items.find((one) => one.channel === base.channel);
        if (latest) onAdopt(latest);
      },
    },
  );
  return (
    <form
      className="sl-stack sourcing-foot"
      onSubmit={(event) => {
        event.preventDefault();
        if (terms) save.mutate({ terms, note: note.trim() || null });
      }}
    >
      {terms === null && (
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
          disabled={!changed || terms === null}
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

type VersionsProps = {
  channel: Channel;
  onUse: ((version: ChannelTermsVersion) => void) | null;
};

function VersionsCard({ channel, onUse }: VersionsProps) {
  const { channels: t } = useWords();
  const { number } = useI18n();
  const versions = useQuery({
    queryKey: ["channels", "versions", channel],
    queryFn: () => channelVersionList(channel, { limit: 20 }),
  });
  return (
    <Card title={t.history}>
      <QueryView
        query={versions}
        empty={(data) => (data.items.length > 0 ? null : <p>{t.noHistory}</p>)}
      >
        {(data) => (
          <Stack gap={2}>
            {data.items.map((one) => (
              <Row between key={one.version}>
                <span>
                  <strong>{number(one.version)}</strong> {one.note ?? ""}
                  <div className="sl-caption">
                    {one.changed_at && <DateTime value={one.changed_at} />} ·{" "}
                    {one.actor && <Actor id={one.actor} />}
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

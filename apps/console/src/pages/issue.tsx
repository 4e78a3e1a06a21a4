import {
  feedbackList,
  type Issue,
  issueActionAdd,
  issueActionDone,
  issueClose,
  issueGet,
  issueChange,
  itemsOf,
  pages,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Facts,
  Icon,
  IssueStateTag,
  List,
  ListItem,
  Notice,
  PageHeader,
  PriorityTag,
  ProblemNotice,
  QueryView,
  Ring,
  Row,
  ShowMore,
  Stack,
  Tag,
  TextArea,
  TextInput,
  Timeline,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { dayFromNow } from "../parts/issue-form.tsx";
import { useKeepIssue } from "../parts/keep-issue.ts";
import { StaffPicker } from "../parts/pickers.tsx";
import { useStaffName } from "../parts/names.tsx";
import { ProofCard } from "../parts/proof.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function IssuePage({ id }: { id: string }) {
  const issue = useQuery({ queryKey: ["object", id], queryFn: () => issueGet(id) });
  return <QueryView query={issue}>{(data) => <Body issue={data} />}</QueryView>;
}

function Body({ issue }: { issue: Issue }) {
  const t = useWords();
  const nameOf = useStaffName();
  const { number } = useI18n();
  const { may } = useSession();
  const open = issue.state !== "closed" && may("issue.manage");
  return (
    <>
      <PageHeader
        back="/issues"
        title={`#${number(issue.number)} ${issue.title}`}
        end={
          <Row>
            <PriorityTag priority={issue.priority} />
            <IssueStateTag state={issue.state} />
          </Row>
        }
      />
      <Progress issue={issue} />
      <div className="console-columns">
        <Stack>
          <Cause issue={issue} open={open} />
          <ActionPlan issue={issue} open={open} />
          <ProofCard issue={issue} open={open} />
          <Answer issue={issue} open={open} />
          <Voices issue={issue} />
        </Stack>
        <Stack>
          <Ownership issue={issue} open={open} />
          <Card title={t.issues.timeline}>
            <Timeline items={[...issue.timeline].reverse()} nameOf={nameOf} />
          </Card>
        </Stack>
      </div>
    </>
  );
}

/** How far round the loop: heard, cause, action, proof, answer. */
function Progress({ issue }: { issue: Issue }) {
  const t = useWords();
  const done = [
    true,
    issue.cause !== null,
    issue.actions.length > 0 && issue.actions.every((one) => one.done_at !== null),
    issue.proof !== null,
    issue.state === "closed",
  ];
  const share = done.filter(Boolean).length / done.length;
  return (
    <Card>
      <Row>
        <Ring value={share} size={44} label={`${Math.round(share * 100)} %`} />
        <div className="console-steps">
          {t.issues.steps.map((step, index) => (
            <span key={step} className={done[index] ? undefined : "sl-muted"}>
              <Icon name={done[index] ? "check" : "circle"} />
              {step}
            </span>
          ))}
        </div>
      </Row>
    </Card>
  );
}

type PartProps = { issue: Issue; open: boolean };

function Ownership({ issue, open }: PartProps) {
  const t = useWords();
  const keep = useKeepIssue();
  const { date, number } = useI18n();
  const update = useAction(
    (body: { owner_id?: string; due_on?: string }, intent) =>
      issueChange(issue.id, body, { ...intent, ifMatch: issue.version }),
    { onSuccess: keep },
  );
  if (!open) {
    return (
      <Card>
        <Facts
          items={[
            { label: t.issues.owner, value: issue.owner_name },
            { label: t.issues.due, value: date(`${issue.due_on}T00:00:00Z`, "UTC") },
            { label: t.issues.voices, value: number(issue.feedback_count) },
          ]}
        />
      </Card>
    );
  }
  return (
    <Card>
      <Stack>
        <StaffPicker
          label={t.issues.owner}
          value={issue.owner_id}
          onChange={(owner) => owner && update.mutate({ owner_id: owner })}
        />
        <TextInput
          label={t.issues.due}
          type="date"
          value={issue.due_on}
          onChange={(due) => due && update.mutate({ due_on: due })}
        />
        <Facts items={[{ label: t.issues.voices, value: number(issue.feedback_count) }]} />
        <ProblemNotice error={update.error} />
      </Stack>
    </Card>
  );
}

function Cause({ issue, open }: PartProps) {
  const t = useWords();
  const keep = useKeepIssue();
  const [cause, setCause] = useState(issue.cause ?? "");
  const save = useAction(
    (text: string, intent) =>
      issueChange(issue.id, { cause: text }, { ...intent, ifMatch: issue.version }),
    { onSuccess: keep },
  );
  if (!open) return <Card title={t.issues.cause}>{issue.cause ?? "—"}</Card>;
  return (
    <Card title={t.issues.cause}>
      <form
        className="sl-stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(cause.trim());
        }}
      >
        <TextArea
          label={t.issues.cause}
          hint={t.issues.causeHint}
          value={cause}
          onChange={setCause}
          rows={3}
          maxLength={4000}
        />
        <ProblemNotice error={save.error} />
        <Row>
          <Button
            size="small"
            type="submit"
            busy={save.isPending}
            disabled={!cause.trim() || cause.trim() === issue.cause}
          >
            {t.issues.saveCause}
          </Button>
        </Row>
      </form>
    </Card>
  );
}

function ActionPlan({ issue, open }: PartProps) {
  const t = useWords();
  const keep = useKeepIssue();
  const { date } = useI18n();
  const finish = useAction((id: string, intent) => issueActionDone(issue.id, id, intent), {
    onSuccess: keep,
  });
  return (
    <Card title={t.issues.actions}>
      <Stack>
        {issue.actions.length > 0 && (
          <List label={t.issues.actions}>
            {issue.actions.map((one) => (
              <ListItem
                key={one.id}
                title={one.title}
                hint={`${one.owner_name} · ${date(`${one.due_on}T00:00:00Z`, "UTC")}`}
                end={
                  one.done_at ? (
                    <Tag tone="success">{t.issues.isDone}</Tag>
                  ) : open ? (
                    <Button
                      size="small"
                      icon="check"
                      busy={finish.isPending && finish.variables === one.id}
                      aria-label={`${t.issues.done}: ${one.title}`}
                      onClick={() => finish.mutate(one.id)}
                    >
                      {t.issues.done}
                    </Button>
                  ) : undefined
                }
              />
            ))}
          </List>
        )}
        <ProblemNotice error={finish.error} />
        {open && <NewAction issue={issue} />}
      </Stack>
    </Card>
  );
}

const DAYS_TO_ACT = 3;

function NewAction({ issue }: { issue: Issue }) {
  const t = useWords();
  const keep = useKeepIssue();
  const [title, setTitle] = useState("");
  const [owner, setOwner] = useState<string | null>(issue.owner_id);
  const [due, setDue] = useState(dayFromNow(DAYS_TO_ACT));
  const add = useAction(
    (body: { title: string; owner_id: string; due_on: string }, intent) =>
      issueActionAdd(issue.id, body, intent),
    {
      onSuccess: (updated) => {
        keep(updated);
        setTitle("");
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (owner) add.mutate({ title: title.trim(), owner_id: owner, due_on: due });
      }}
    >
      <TextInput
        label={t.issues.action}
        value={title}
        onChange={setTitle}
        required
        maxLength={300}
      />
      <StaffPicker label={t.issues.owner} value={owner} onChange={setOwner} />
      <TextInput label={t.issues.due} type="date" value={due} onChange={setDue} required />
      <ProblemNotice error={add.error} />
      <Row>
        <Button size="small" type="submit" icon="plus" busy={add.isPending}>
          {t.issues.addAction}
        </Button>
      </Row>
    </form>
  );
}

function Answer({ issue, open }: PartProps) {
  const t = useWords();
  const { text, number } = useI18n();
  if (!open) {
    return (
      <Card title={t.issues.answer}>
        <Stack gap={2}>
          <p>{text(issue.answer) || "—"}</p>
          {issue.answers && (
            <Notice tone="success">
              {t.issues.sent(
                number(issue.answers.sent),
                number(issue.answers.suppressed),
                number(issue.answers.waived),
              )}
            </Notice>
          )}
        </Stack>
      </Card>
    );
  }
  return <CloseForm issue={issue} />;
}

function CloseForm({ issue }: { issue: Issue }) {
  const t = useWords();
  const keep = useKeepIssue();
  const [zh, setZh] = useState(issue.answer?.zh ?? "");
  const [en, setEn] = useState(issue.answer?.en ?? "");
  const [waive, setWaive] = useState("");
  const close = useAction(
    (body: Parameters<typeof issueClose>[1], intent) => issueClose(issue.id, body, intent),
    {
      onSuccess: (updated) => {
        keep(updated);
        toast(t.issues.closed);
      },
    },
  );
  return (
    <Card title={t.issues.answer}>
      <form
        className="sl-stack"
        onSubmit={(event) => {
          event.preventDefault();
          close.mutate({
            answer: { zh: zh.trim(), en: en.trim() },
            ...(waive.trim() ? { waive_reason: waive.trim() } : {}),
          });
        }}
      >
        <p className="sl-muted">{t.issues.answerText}</p>
        <TextArea label={t.issues.answerZh} value={zh} onChange={setZh} required maxLength={2000} />
        <TextArea label={t.issues.answerEn} value={en} onChange={setEn} required maxLength={2000} />
        <TextInput label={t.issues.waive} value={waive} onChange={setWaive} maxLength={300} />
        <ProblemNotice error={close.error} />
        <Row>
          <Button kind="primary" type="submit" busy={close.isPending}>
            {t.issues.close}
          </Button>
        </Row>
      </form>
    </Card>
  );
}

function Voices({ issue }: { issue: Issue }) {
  const t = useWords();
  const { number } = useI18n();
  const voices = useInfiniteQuery(
    pages(["feedback", "issue", issue.id], (cursor) =>
      feedbackList({ issue: issue.id, cursor, limit: 20 }),
    ),
  );
  return (
    <Card title={`${t.issues.voicesOf} (${number(issue.feedback_count)})`}>
      <QueryView query={voices}>
        {(data) => (
          <Stack>
            {itemsOf(data).map((one) => (
              <div key={one.id}>
                <blockquote className="console-sample">{one.text || "—"}</blockquote>
                <span className="sl-caption">
                  {one.score !== null && `${one.score} / 5 · `}
                  {one.order_id && (
                    <Door href={`/orders/${one.order_id}`}>{one.order_number}</Door>
                  )}{" "}
                  <DateTime value={one.created_at} />
                </span>
              </div>
            ))}
            <ShowMore query={voices} />
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

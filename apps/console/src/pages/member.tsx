import {
  itemsOf,
  type Member,
  memberGet,
  memberPointsGet,
  memberTimelineList,
  memberChange,
  pages,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Badge,
  Button,
  Card,
  DateTime,
  Dialog,
  Facts,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  ShowMore,
  Stack,
  Tabs,
  Tag,
  TextArea,
  TextInput,
  TierBadge,
  Timeline,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { usePlaceName } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MemberPage({ id }: { id: string }) {
  const member = useQuery({ queryKey: ["object", id], queryFn: () => memberGet(id) });
  return <QueryView query={member}>{(data) => <Body member={data} />}</QueryView>;
}

type View = "timeline" | "points";

function Body({ member }: { member: Member }) {
  const t = useWords();
  const { may } = useSession();
  const [view, setView] = useState<View>("timeline");
  const [editing, setEditing] = useState(false);
  const name = member.name ?? member.number;
  return (
    <>
      <PageHeader
        back="/members"
        title={name}
        end={
          <Row>
            <TierBadge tier={member.tier} />
            {may("member.write") && (
              <Button size="small" icon="edit" onClick={() => setEditing(true)}>
                {t.members.edit}
              </Button>
            )}
          </Row>
        }
      />
      <div className="console-columns">
        <div>
          <Tabs
            label={name}
            current={view}
            onChange={setView}
            tabs={[
              { key: "timeline", label: t.members.timeline, panel: <History id={member.id} /> },
              { key: "points", label: t.members.pointsLedger, panel: <Ledger id={member.id} /> },
            ]}
          />
        </div>
        <Stack>
          <About member={member} />
          <Consents member={member} />
        </Stack>
      </div>
      <Dialog title={t.members.edit} open={editing} onClose={() => setEditing(false)}>
        <EditForm member={member} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function About({ member }: { member: Member }) {
  const t = useWords();
  const { number } = useI18n();
  const placeName = usePlaceName();
  return (
    <Card>
      <Stack>
        <Facts
          items={[
            { label: t.members.number, value: <span className="sl-mono">{member.number}</span> },
            { label: t.members.phone, value: <span className="sl-mono">{member.phone}</span> },
            { label: t.members.points, value: number(member.points) },
            { label: t.members.birthday, value: member.birthday ?? "—" },
            { label: t.members.home, value: placeName(member.home_place_id) || "—" },
            { label: t.members.joined, value: <DateTime value={member.joined_at} as="date" /> },
          ]}
        />
        {member.notes && <p>{member.notes}</p>}
        {member.tags.length > 0 && (
          <Row>
            {member.tags.map((tag) => (
              <Badge key={tag} tone="accent">
                {tag}
              </Badge>
            ))}
          </Row>
        )}
      </Stack>
    </Card>
  );
}

function Consents({ member }: { member: Member }) {
  const t = useWords();
  return (
    <Card title={t.members.consents}>
      <Stack gap={2}>
        {member.consents.map((one) => (
          <Row between key={one.purpose}>
            <span>
              {t.members.purposes[one.purpose]}
              <div className="sl-caption">
                {t.members.policy(one.policy_version)} · <DateTime value={one.at} as="date" />
              </div>
            </span>
            <Tag tone={one.granted ? "success" : "neutral"} icon={one.granted ? "check" : "cross"}>
              {one.granted ? t.members.granted : t.members.refused}
            </Tag>
          </Row>
        ))}
      </Stack>
    </Card>
  );
}

function History({ id }: { id: string }) {
  const timeline = useInfiniteQuery(
    pages(["member", id, "timeline"], (cursor) => memberTimelineList(id, { cursor })),
  );
  return (
    <QueryView query={timeline}>
      {(data) => (
        <Stack>
          <Timeline items={itemsOf(data)} />
          <ShowMore query={timeline} />
        </Stack>
      )}
    </QueryView>
  );
}

function Ledger({ id }: { id: string }) {
  const t = useWords();
  const { text, number } = useI18n();
  const ledger = useInfiniteQuery(
    pages(["member", id, "points"], async (cursor) => {
      return (await memberPointsGet(id, { cursor })).entries;
    }),
  );
  return (
    <QueryView query={ledger}>
      {(data) => (
        <Stack>
          <table className="sl-table">
            <tbody>
              {itemsOf(data).map((entry) => (
                <tr key={entry.id}>
                  <td>
                    {text(entry.text)}
                    <div className="sl-caption">
                      <DateTime value={entry.at} as="exact" />
                    </div>
                  </td>
                  <td className="sl-table__number">
                    <strong>{number(entry.points, { signDisplay: "exceptZero" })}</strong>
                  </td>
                  <td className="sl-table__number sl-caption">
                    {t.members.balanceAfter} {number(entry.balance_after)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <ShowMore query={ledger} />
        </Stack>
      )}
    </QueryView>
  );
}

function EditForm({ member, onDone }: { member: Member; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [notes, setNotes] = useState(member.notes ?? "");
  const [tags, setTags] = useState(member.tags.join(", "));
  const save = useAction(
    (body: { notes: string; tags: string[] }, intent) =>
      memberChange(member.id, body, { ...intent, ifMatch: member.version }),
    {
      onSuccess: (updated) => {
        queries.setQueryData(["object", member.id], updated);
        toast(t.members.saved);
        onDone();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        const words = tags.split(/[,，、]/).map((word) => word.trim());
        save.mutate({ notes: notes.trim(), tags: [...new Set(words.filter(Boolean))] });
      }}
    >
      <TextArea label={t.members.notes} value={notes} onChange={setNotes} maxLength={2000} />
      <TextInput label={t.members.tags} value={tags} onChange={setTags} maxLength={400} />
      <ProblemNotice error={save.error} />
      <Button kind="primary" type="submit" busy={save.isPending}>
        {t.common.save}
      </Button>
    </form>
  );
}

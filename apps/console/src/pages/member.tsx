import { itemsOf, type Member, memberPointsGet, pages, type TimelineItem } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  MemberEditForm,
  MemberHistory,
  memberName,
  MemberNotes,
  useMember,
} from "@storeloop/staff";
import {
  Button,
  Card,
  DateTime,
  Dialog,
  Facts,
  PageHeader,
  QueryView,
  Row,
  ShowMore,
  Stack,
  Tabs,
  Tag,
  TierBadge,
} from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePlaceName } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MemberPage({ id }: { id: string }) {
  return <QueryView query={useMember(id)}>{(data) => <Body member={data} />}</QueryView>;
}

/** Where a moment of somebody's story leads. */
function doorOf(item: TimelineItem): string | null {
  const { order_id: order, feedback_id: feedback, issue_id: issue } = item.facts;
  if (typeof order === "string") return `/orders/${order}`;
  if (typeof issue === "string") return `/issues/${issue}`;
  if (typeof feedback === "string") return "/inbox?view=all";
  return null;
}

type View = "timeline" | "points";

function Body({ member }: { member: Member }) {
  const t = useWords();
  const { may } = useSession();
  const [view, setView] = useState<View>("timeline");
  const [editing, setEditing] = useState(false);
  const name = memberName(member);
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
              {
                key: "timeline",
                label: t.members.timeline,
                panel: <MemberHistory id={member.id} hrefOf={doorOf} />,
              },
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
        <MemberEditForm member={member} onDone={() => setEditing(false)} />
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
        <MemberNotes member={member} />
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

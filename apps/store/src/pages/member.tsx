import { type Member, memberTimelineList, type TimelineItem } from "@storeloop/api";
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
  EmptyState,
  List,
  ListItem,
  PageHeader,
  QueryView,
  Sheet,
  Stack,
  Tabs,
  Tag,
  TierBadge,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MemberPage({ id }: { id: string }) {
  return <QueryView query={useMember(id)}>{(data) => <Body member={data} />}</QueryView>;
}

type View = "overview" | "timeline";

function Body({ member }: { member: Member }) {
  const t = useWords();
  const { number } = useI18n();
  const [view, setView] = useState<View>("overview");
  const name = memberName(member);
  return (
    <>
      <PageHeader back="/members" title={name} end={<TierBadge tier={member.tier} />} />
      <Card>
        <dl className="store-numbers">
          <div>
            <dt>{t.members.balance}</dt>
            <dd>{number(member.points)}</dd>
          </div>
          <div>
            <dt>{t.members.joined}</dt>
            <dd>
              <DateTime value={member.joined_at} as="date" />
            </dd>
          </div>
        </dl>
        <p className="sl-mono">{member.phone}</p>
      </Card>
      <Tabs
        label={name}
        current={view}
        onChange={setView}
        tabs={[
          { key: "overview", label: t.members.overview, panel: <Overview member={member} /> },
          {
            key: "timeline",
            label: t.members.timeline,
            panel: <MemberHistory id={member.id} hrefOf={orderOf} />,
          },
        ]}
      />
    </>
  );
}

/** The order a moment of somebody's story is about. */
function orderOf(item: TimelineItem): string | null {
  const id = item.facts["order_id"];
  return typeof id === "string" ? `/orders/${id}` : null;
}

function Overview({ member }: { member: Member }) {
  const t = useWords();
  const { may } = useWork();
  const [editing, setEditing] = useState(false);
  const marketing = member.consents.some((one) => one.purpose === "marketing_sms" && one.granted);
  return (
    <Stack>
      <Card
        title={t.members.notes}
        end={
          may("member.write") && (
            <Button size="small" icon="edit" onClick={() => setEditing(true)}>
              {t.members.edit}
            </Button>
          )
        }
      >
        <MemberNotes
          member={member}
          end={
            <Tag tone={marketing ? "success" : "neutral"} icon={marketing ? "check" : "cross"}>
              {marketing ? t.members.marketingYes : t.members.marketingNo}
            </Tag>
          }
        />
      </Card>
      <LastBuys id={member.id} />
      <Sheet title={t.members.edit} open={editing} onClose={() => setEditing(false)}>
        <MemberEditForm member={member} onDone={() => setEditing(false)} />
      </Sheet>
    </Stack>
  );
}

const MOMENTS_READ = 50;
const BUYS_SHOWN = 5;

/**
 * The last orders of every channel and store. They come from the member's story: the list of orders
 * holds those of the stores somebody works for, and what was bought elsewhere is wanted here too.
 */
function LastBuys({ id }: { id: string }) {
  const t = useWords();
  const { text } = useI18n();
  const story = useQuery({
    queryKey: ["member", id, "buys"],
    queryFn: () => memberTimelineList(id, { limit: MOMENTS_READ }),
  });
  const buys = (items: TimelineItem[]) =>
    items.filter((item) => item.kind === "order").slice(0, BUYS_SHOWN);
  return (
    <section className="sl-stack sl-stack--2">
      <h2>{t.members.orders}</h2>
      <QueryView
        query={story}
        empty={(page) =>
          buys(page.items).length === 0 ? (
            <EmptyState icon="bag" title={t.members.noOrders} />
          ) : null
        }
      >
        {(page) => (
          <List label={t.members.orders}>
            {buys(page.items).map((item) => {
              const href = orderOf(item);
              return (
                <ListItem
                  key={`${item.at}${item.text.en}`}
                  icon="bag"
                  {...(href ? { href } : {})}
                  title={text(item.text)}
                  hint={<DateTime value={item.at} as="day" />}
                />
              );
            })}
          </List>
        )}
      </QueryView>
    </section>
  );
}

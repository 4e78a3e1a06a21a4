import {
  itemsOf,
  type Member,
  memberGet,
  memberTimelineList,
  memberChange,
  orderList,
  pages,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Badge,
  Button,
  Card,
  DateTime,
  EmptyState,
  List,
  ListItem,
  Money,
  OrderStateTag,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  Row,
  Sheet,
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
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MemberPage({ id }: { id: string }) {
  const member = useQuery({ queryKey: ["member", id], queryFn: () => memberGet(id) });
  return <QueryView query={member}>{(data) => <Body member={data} />}</QueryView>;
}

type View = "overview" | "timeline";

function Body({ member }: { member: Member }) {
  const t = useWords();
  const { number } = useI18n();
  const [view, setView] = useState<View>("overview");
  return (
    <>
      <PageHeader
        back="/members"
        title={member.name ?? member.number}
        end={<TierBadge tier={member.tier} />}
      />
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
        label={member.name ?? member.number}
        current={view}
        onChange={setView}
        tabs={[
          { key: "overview", label: t.members.overview, panel: <Overview member={member} /> },
          { key: "timeline", label: t.members.timeline, panel: <History id={member.id} /> },
        ]}
      />
    </>
  );
}

function Overview({ member }: { member: Member }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useWork();
  const [editing, setEditing] = useState(false);
  const marketing = member.consents.some((one) => one.purpose === "marketing_sms" && one.granted);
  const orders = useQuery({
    queryKey: ["orders", "member", member.id],
    queryFn: () => orderList({ member: member.id, limit: 10 }),
  });
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
        <Stack gap={2}>
          <p className={member.notes ? undefined : "sl-muted"}>
            {member.notes ?? t.members.noNotes}
          </p>
          <Row>
            {member.tags.map((tag) => (
              <Badge key={tag} tone="accent">
                {tag}
              </Badge>
            ))}
            <Tag tone={marketing ? "success" : "neutral"} icon={marketing ? "check" : "cross"}>
              {marketing ? t.members.marketingYes : t.members.marketingNo}
            </Tag>
          </Row>
        </Stack>
      </Card>
      <QueryView
        query={orders}
        empty={(page) =>
          page.items.length === 0 ? <EmptyState icon="bag" title={t.members.noOrders} /> : null
        }
      >
        {(page) => (
          <List label={t.members.orders}>
            {page.items.map((order) => (
              <ListItem
                key={order.id}
                href={`/orders/${order.id}`}
                start={
                  <span className="store-thumb">
                    <Picture media={order.first_image} name={order.number} decorative />
                  </span>
                }
                title={
                  <>
                    <span className="sl-mono">{order.number}</span> · <Money value={order.total} />
                  </>
                }
                hint={
                  <>
                    {t.channel[order.channel]}
                    {order.place_name && ` · ${text(order.place_name)}`} ·{" "}
                    <DateTime value={order.placed_at} as="date" />
                  </>
                }
                end={<OrderStateTag state={order.state} />}
              />
            ))}
          </List>
        )}
      </QueryView>
      <Sheet title={t.members.edit} open={editing} onClose={() => setEditing(false)}>
        <EditForm member={member} onDone={() => setEditing(false)} />
      </Sheet>
    </Stack>
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
        queries.setQueryData(["member", member.id], updated);
        toast(t.members.saved);
        onDone();
      },
    },
  );
  const submit = () => {
    const words = tags.split(/[,，、]/).map((word) => word.trim());
    save.mutate({ notes: notes.trim(), tags: [...new Set(words.filter(Boolean))] });
  };
  return (
    <Stack>
      <TextArea
        label={t.members.notes}
        hint={t.members.notesHint}
        value={notes}
        onChange={setNotes}
        maxLength={2000}
      />
      <TextInput
        label={t.members.tags}
        hint={t.members.tagsHint}
        value={tags}
        onChange={setTags}
        maxLength={400}
      />
      <ProblemNotice error={save.error} />
      <Button kind="primary" block busy={save.isPending} onClick={submit}>
        {t.members.save}
      </Button>
    </Stack>
  );
}

function History({ id }: { id: string }) {
  const timeline = useInfiniteQuery(
    pages(["member", id, "timeline"], (cursor) => memberTimelineList(id, { cursor, limit: 30 })),
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

import {
  itemsOf,
  type Member,
  memberChange,
  memberGet,
  memberTimelineList,
  pages,
  type TimelineItem,
  useAction,
} from "@storeloop/api";
import {
  Badge,
  Button,
  EmptyState,
  ProblemNotice,
  QueryView,
  Row,
  ShowMore,
  Stack,
  TextArea,
  TextInput,
  Timeline,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useStaffWords } from "./words.ts";

/** Where a member is kept in the query cache; live events touch whatever is under `object`. */
export const memberKey = (id: string) => ["object", id] as const;

export function useMember(id: string) {
  return useQuery({ queryKey: memberKey(id), queryFn: () => memberGet(id) });
}

/** What to call somebody who never gave a name. */
export function memberName(member: Pick<Member, "name" | "number">): string {
  return member.name ?? member.number;
}

/** What is noted about somebody; `end` adds tags of the app's own. */
export function MemberNotes({ member, end }: { member: Member; end?: ReactNode }) {
  const t = useStaffWords().member;
  return (
    <Stack gap={2}>
      <p className={member.notes ? undefined : "sl-muted"}>{member.notes ?? t.noNotes}</p>
      {(member.tags.length > 0 || end) && (
        <Row>
          {member.tags.map((tag) => (
            <Badge key={tag} tone="accent">
              {tag}
            </Badge>
          ))}
          {end}
        </Row>
      )}
    </Stack>
  );
}

export function MemberEditForm({ member, onDone }: { member: Member; onDone: () => void }) {
  const t = useStaffWords().member;
  const queries = useQueryClient();
  const [notes, setNotes] = useState(member.notes ?? "");
  const [tags, setTags] = useState(member.tags.join(", "));
  const save = useAction(
    (body: { notes: string; tags: string[] }, intent) =>
      memberChange(member.id, body, { ...intent, ifMatch: member.version }),
    {
      onSuccess: (updated) => {
        queries.setQueryData(memberKey(member.id), updated);
        toast(t.saved);
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
      <TextArea
        label={t.notes}
        hint={t.notesHint}
        value={notes}
        onChange={setNotes}
        maxLength={2000}
      />
      <TextInput label={t.tags} hint={t.tagsHint} value={tags} onChange={setTags} maxLength={400} />
      <ProblemNotice error={save.error} />
      <Button kind="primary" type="submit" block busy={save.isPending}>
        {t.save}
      </Button>
    </form>
  );
}

type MemberHistoryProps = { id: string; hrefOf: (item: TimelineItem) => string | null };

/** The whole story of somebody, newest first; what can be opened is a door. */
export function MemberHistory({ id, hrefOf }: MemberHistoryProps) {
  const t = useStaffWords().member;
  const timeline = useInfiniteQuery(
    pages(["member", id, "timeline"], (cursor) => memberTimelineList(id, { cursor, limit: 30 })),
  );
  return (
    <QueryView
      query={timeline}
      empty={(data) =>
        itemsOf(data).length === 0 ? (
          <EmptyState icon="clock" title={t.noHistory}>
            {t.noHistoryText}
          </EmptyState>
        ) : null
      }
    >
      {(data) => (
        <Stack>
          <Timeline items={itemsOf(data)} hrefOf={hrefOf} />
          <ShowMore query={timeline} />
        </Stack>
      )}
    </QueryView>
  );
}

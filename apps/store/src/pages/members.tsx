import { memberList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  DateTime,
  EmptyState,
  List,
  ListItem,
  PageHeader,
  QueryView,
  SearchInput,
  TierBadge,
  useDelayed,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";

export default function MembersPage() {
  const t = useWords();
  const { number } = useI18n();
  const [q, setQ] = useState("");
  const wanted = useDelayed(q.trim());
  const members = useQuery({
    queryKey: ["members", wanted],
    queryFn: () => memberList({ q: wanted, limit: 30 }),
    enabled: wanted !== "",
  });
  return (
    <>
      <PageHeader title={t.members.title} />
      <SearchInput autoFocus label={t.members.search} value={q} onChange={setQ} />
      {wanted === "" ? (
        <EmptyState icon="user" title={t.members.start}>
          {t.members.startText}
        </EmptyState>
      ) : (
        <QueryView
          query={members}
          empty={(page) =>
            page.items.length === 0 ? (
              <EmptyState icon="search" title={t.members.none}>
                {t.members.noneText}
              </EmptyState>
            ) : null
          }
        >
          {(page) => (
            <List label={t.members.title}>
              {page.items.map((member) => (
                <ListItem
                  key={member.id}
                  href={`/members/${member.id}`}
                  icon="user"
                  title={
                    <>
                      {member.name ?? member.number} <TierBadge tier={member.tier} />
                    </>
                  }
                  hint={
                    <>
                      <span className="sl-mono">{member.phone}</span>
                      {member.last_order_at && (
                        <>
                          {" · "}
                          {t.members.lastOrder} <DateTime value={member.last_order_at} />
                        </>
                      )}
                    </>
                  }
                  end={t.members.points(number(member.points))}
                />
              ))}
            </List>
          )}
        </QueryView>
      )}
    </>
  );
}

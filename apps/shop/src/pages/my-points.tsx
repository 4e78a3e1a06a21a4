import { myPointsGet, type PointsEntry } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Card,
  DateTime,
  EmptyState,
  List,
  ListItem,
  PageHeader,
  QueryView,
  ShowMore,
  Stack,
} from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function MyPointsPage() {
  const t = useWords();
  const { number } = useI18n();
  useTitle(t.points.title);
  const points = useInfiniteQuery({
    queryKey: [...ME, "points"],
    queryFn: ({ pageParam }) => myPointsGet({ cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.entries.next ?? undefined,
  });
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.points.title} back="/me" />
        <QueryView query={points} signIn={<SignInButton />}>
          {(data) => {
            const entries = data.pages.flatMap((page) => page.entries.items);
            const [first] = data.pages;
            return (
              <Stack>
                <Card>
                  <p className="sl-small sl-muted">{t.points.balance}</p>
                  <p className="shop-big-price">{number(first?.balance)}</p>
                  {first && first.pending > 0 && <p>{t.points.pending(number(first.pending))}</p>}
                </Card>
                {entries.length === 0 ? (
                  <EmptyState icon="gift" title={t.points.emptyTitle}>
                    {t.points.emptyText}
                  </EmptyState>
                ) : (
                  <List label={t.points.ledger}>
                    {entries.map((entry) => (
                      <Entry key={entry.id} entry={entry} />
                    ))}
                  </List>
                )}
                <ShowMore query={points} />
              </Stack>
            );
          }}
        </QueryView>
      </Stack>
    </div>
  );
}

function Entry({ entry }: { entry: PointsEntry }) {
  const t = useWords();
  const { text, number } = useI18n();
  return (
    <ListItem
      title={text(entry.text)}
      hint={<DateTime value={entry.at} as="exact" />}
      end={
        <>
          <span className="sl-strong">{number(entry.points, { signDisplay: "always" })}</span>
          <span className="sl-caption">{t.points.after(number(entry.balance_after))}</span>
        </>
      }
    />
  );
}

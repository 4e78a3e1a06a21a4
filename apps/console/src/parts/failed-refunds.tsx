import { refundFailedList, refundRetry, useAction } from "@storeloop/api";
import { Button, DateTime, Money, Notice, ProblemNotice, Row, Stack, toast } from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";

const KEY = ["failed-refunds"];

/** Refunds a provider gave up: a customer waits for this money. Nothing is shown without any. */
export function FailedRefunds() {
  const t = useWords();
  const { may } = useSession();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: () => refundFailedList() });
  const retry = useAction((id: string, intent) => refundRetry(id, intent), {
    onSuccess: () => {
      toast(t.payments.retried);
      return queries.invalidateQueries({ queryKey: KEY });
    },
  });
  if (query.error) return <ProblemNotice error={query.error} />;
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Notice tone="danger" title={t.payments.failed}>
      <Stack gap={2}>
        {items.map((refund) => (
          <Row between key={refund.id}>
            <span>
              <Money value={refund.amount} /> · {t.orders.provider[refund.provider]} ·{" "}
              <Door href={`/orders/${refund.order_id}`}>{t.payments.toOrder}</Door> ·{" "}
              <DateTime value={refund.failed_at} />
              <div className="sl-caption">{refund.reason}</div>
            </span>
            {may("payment.reconcile") && (
              <Button
                size="small"
                icon="refresh"
                busy={retry.isPending && retry.variables === refund.id}
                onClick={() => retry.mutate(refund.id)}
              >
                {t.payments.retry}
              </Button>
            )}
          </Row>
        ))}
        <ProblemNotice error={retry.error} />
      </Stack>
    </Notice>
  );
}

import { type Order, orderChangeWithdraw, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Card, ProblemNotice, Stack, toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { payPath } from "../state/order-access.ts";
import { useWords } from "../words/index.ts";
import { clock, useSecondsUntil } from "./countdown.ts";

/** A change that costs more and is made once it is paid. */
export function OpenChangeCard({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const { text, money } = useI18n();
  const client = useQueryClient();
  const left = useSecondsUntil(order.change?.expires_at);
  const withdraw = useAction(
    (_: undefined, intent) => orderChangeWithdraw(order.id, { token }, intent),
    {
      onSuccess: (updated) => {
        client.setQueryData(["order", order.id], updated);
        void client.invalidateQueries({ queryKey: ["order", order.id] });
        toast(t.change.withdrawn);
      },
    },
  );
  const { change } = order;
  if (!change || left === 0) return null;
  return (
    <Card title={t.change.openTitle}>
      <Stack gap={2}>
        <p className="sl-strong">{text(change.what)}</p>
        <p>{t.change.openText(money(change.difference), clock(left ?? 0))}</p>
        {change.by_staff && <p className="sl-small sl-muted">{t.change.byStaff}</p>}
        <ProblemNotice error={withdraw.error} />
        <Button kind="primary" block href={payPath(order.id, token)}>
          {t.change.goPay}
        </Button>
        <Button block busy={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
          {t.change.withdraw}
        </Button>
      </Stack>
    </Card>
  );
}

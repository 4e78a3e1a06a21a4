import { isProblem, type Order, paymentSandbox, paymentStart, useAction } from "@storeloop/api";
import { Button, ProblemNotice, Stack } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { openPayment } from "../state/order.ts";
import { useWords } from "../words/index.ts";

type Props = { order: Order; token: string | undefined; declined: boolean };

/** The page a payment provider would show; the sandbox lets the payer choose the outcome. */
export function SandboxPay({ order, token, declined }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["order", order.id] });
  const pay = useAction(
    async (outcome: "approve" | "decline", intent) => {
      // A declined payment is over; a second try is a payment of its own.
      const payment =
        openPayment(order, "sandbox") ??
        (await paymentStart(
          order.id,
          { payment_method: "sandbox" },
          { token },
          { key: `${intent.key}p` },
        ));
      return paymentSandbox(payment.id, { outcome }, { token }, intent);
    },
    {
      // The answer shows the order as its payer sees it, who may be somebody else; the owner's
      // view is asked for anew, and leads on to the order once it is paid.
      onSuccess: refresh,
      onError: (error) => {
        if (isProblem(error) && !error.isTransient) void refresh();
      },
    },
  );
  return (
    <Stack>
      <p className="sl-muted">{t.pay.sandboxText}</p>
      <ProblemNotice error={pay.error} />
      <Button
        kind="primary"
        block
        icon="lock"
        busy={pay.isPending}
        onClick={() => pay.mutate("approve")}
      >
        {declined ? t.pay.again : t.pay.approve}
      </Button>
      <Button block busy={pay.isPending} onClick={() => pay.mutate("decline")}>
        {t.pay.decline}
      </Button>
    </Stack>
  );
}

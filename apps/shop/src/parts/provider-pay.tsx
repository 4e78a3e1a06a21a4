import {
  isProblem,
  type Order,
  type PaymentAction,
  paymentOpen,
  paymentStart,
  useAction,
} from "@storeloop/api";
import { Button, Notice, ProblemNotice, QrCode, Stack } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { lastAsked, type OutsideMethod, thisDevice, wayOf, wechatPayer } from "../state/methods.ts";
import { openPayment } from "../state/order.ts";
import { useWords } from "../words/index.ts";
import { StripeForm } from "./stripe-form.tsx";

type Props = { order: Order; token: string | undefined; method: OutsideMethod };

/** A payment the provider will not take up any more: another one may be started. */
const SPENT = ["payment.closed", "payment.other_way"];

type Opened = { paymentId: string; action: PaymentAction };

/** Leads the payer to a provider: by a code to scan, its own page, its window or its form. */
export function ProviderPay({ order, token, method }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const asked = lastAsked.use();
  const payer = wechatPayer.use();
  const [shown, setShown] = useState<PaymentAction | null>(null);
  const way = wayOf(method, thisDevice());
  const waiting = openPayment(order, method);
  const open = useAction(
    async (_: undefined, intent): Promise<Opened> => {
      const start = (key: string) =>
        paymentStart(order.id, { payment_method: method }, { token }, { key });
      const opened = async (paymentId: string, key: string): Promise<Opened> => {
        const body = way === "jsapi" ? { way, payer } : { way };
        return { paymentId, action: (await paymentOpen(paymentId, body, { key })).action };
      };
      const payment = waiting ?? (await start(`${intent.key}p`));
      try {
        return await opened(payment.id, intent.key);
      } catch (error) {
        if (!isProblem(error) || !SPENT.includes(error.code)) throw error;
        const next = await start(`${intent.key}n`);
        return opened(next.id, `${intent.key}o`);
      }
    },
    {
      onSuccess: ({ paymentId, action }) => {
        // The time to pay may have been made longer.
        void client.invalidateQueries({ queryKey: ["order", order.id] });
        lastAsked.set(paymentId);
        if (action.kind === "redirect") window.location.assign(action.url);
        else if (action.kind === "wechat_jsapi") askWechat(action);
        else setShown(action);
      },
    },
  );
  if (way === "jsapi" && !payer) {
    return <Notice tone="warning" title={t.pay.notInWechat} />;
  }
  if (shown?.kind === "code") {
    return (
      <div className="shop-pay-code">
        <p className="sl-strong">{t.pay.scan[method]}</p>
        <QrCode payload={shown.url} label={t.pay.scan[method]} />
        <Notice live>{t.pay.scanText}</Notice>
      </div>
    );
  }
  const sent = waiting !== null && waiting.id === asked && shown === null;
  return (
    <Stack>
      {sent && !open.isPending && (
        <Notice live title={t.pay.waiting(t.pay.with[method])}>
          {t.pay.waitingText}
        </Notice>
      )}
      <ProblemNotice error={open.error} />
      {shown?.kind === "stripe_intent" ? (
        <StripeForm
          publishableKey={shown.publishable_key}
          clientSecret={shown.client_secret}
          returnUrl={`${window.location.origin}/shop/pay/${order.id}`}
          onSent={() => setShown(null)}
        />
      ) : (
        <Button
          kind={sent ? "secondary" : "primary"}
          block
          icon="lock"
          busy={open.isPending}
          onClick={() => open.mutate(undefined)}
        >
          {sent ? t.pay.toAgain : t.pay.to[method]}
        </Button>
      )}
    </Stack>
  );
}

type Bridge = { invoke: (name: string, input: object, done: () => void) => void };

/** Opens WeChat's own payment window; how it ended is told by the provider, not by the window. */
function askWechat(action: Extract<PaymentAction, { kind: "wechat_jsapi" }>): void {
  const { WeixinJSBridge: bridge } = window as Window & { WeixinJSBridge?: Bridge };
  bridge?.invoke(
    "getBrandWCPayRequest",
    {
      appId: action.app_id,
      timeStamp: action.time_stamp,
      nonceStr: action.nonce_str,
      package: action.package,
      signType: action.sign_type,
      paySign: action.pay_sign,
    },
    () => undefined,
  );
}

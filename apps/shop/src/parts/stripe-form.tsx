import { useI18n } from "@storeloop/i18n";
import { Button, Notice, Skeleton, Stack } from "@storeloop/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../words/index.ts";

/** What we use of Stripe's own script. */
type Stripe = {
  elements: (options: { clientSecret: string; locale: string }) => Elements;
  confirmPayment: (options: {
    elements: Elements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }) => Promise<{ error?: { message?: string } }>;
};
type Elements = { create: (kind: "payment") => Form };
type Form = {
  mount: (at: HTMLElement) => void;
  on: (event: "ready", run: () => void) => void;
  destroy: () => void;
};
declare global {
  interface Window {
    Stripe?: (publishableKey: string) => Stripe;
  }
}

/** Card numbers must never pass through a page of ours; Stripe lets its form come from here only. */
const SCRIPT = "https://js.stripe.com/v3/";

function loadStripe(publishableKey: string): Promise<Stripe> {
  return new Promise((resolve, reject) => {
    const done = () =>
      window.Stripe ? resolve(window.Stripe(publishableKey)) : reject(new Error("no Stripe"));
    if (window.Stripe) return done();
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.onload = done;
    script.onerror = () => {
      script.remove();
      reject(new Error("Stripe did not come"));
    };
    document.head.append(script);
  });
}

type Props = {
  publishableKey: string;
  clientSecret: string;
  /** Where Stripe leads back to, when a bank wants to see the payer first. */
  returnUrl: string;
  /** Stripe took the form; its word follows. */
  onSent: () => void;
};

/** Stripe's form in our page. */
export function StripeForm({ publishableKey, clientSecret, returnUrl, onSent }: Props) {
  const t = useWords();
  const { locale } = useI18n();
  const place = useRef<HTMLDivElement>(null);
  const elements = useRef<Elements>(null);
  const [ready, setReady] = useState(false);
  const stripe = useQuery({
    queryKey: ["stripe", publishableKey],
    queryFn: () => loadStripe(publishableKey),
    staleTime: Infinity,
  });
  const loaded = stripe.data;
  useEffect(() => {
    if (!loaded || !place.current) return;
    elements.current = loaded.elements({ clientSecret, locale });
    const form = elements.current.create("payment");
    form.on("ready", () => setReady(true));
    form.mount(place.current);
    return () => form.destroy();
  }, [loaded, clientSecret, locale]);
  const confirm = useMutation({
    mutationFn: async () => {
      if (!loaded || !elements.current) return;
      const { error } = await loaded.confirmPayment({
        elements: elements.current,
        confirmParams: { return_url: returnUrl },
        redirect: "if_required",
      });
      if (error) throw new Error(error.message ?? t.pay.declined);
    },
    onSuccess: onSent,
  });
  if (stripe.error) {
    return (
      <Stack gap={2}>
        <Notice tone="danger" live title={t.pay.noForm}>
          {t.pay.noFormText}
        </Notice>
        <Button icon="refresh" onClick={() => void stripe.refetch()}>
          {t.pay.again}
        </Button>
      </Stack>
    );
  }
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      {!ready && <Skeleton lines={3} height="2.5rem" />}
      <div ref={place} />
      {confirm.error && (
        <Notice tone="danger" live title={t.pay.declined}>
          {confirm.error.message}
        </Notice>
      )}
      <Button
        kind="primary"
        block
        icon="lock"
        type="submit"
        busy={confirm.isPending}
        disabled={!ready}
      >
        {t.pay.approve}
      </Button>
    </form>
  );
}

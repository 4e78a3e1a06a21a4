import { memberOtpStart, memberSignIn, type OtpSent, useAction } from "@storeloop/api";
import {
  A,
  Button,
  Card,
  Checkbox,
  PageHeader,
  ProblemNotice,
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Redirect, useLocation, useSearchParams } from "wouter";
import { useSecondsUntil } from "../parts/countdown.ts";
import { looksLikePhone } from "../state/contact.ts";
import { rememberMember, useMember } from "../state/member.ts";
import { POLICY_VERSION } from "../state/policy.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

type Sent = OtpSent & { phone: string; resendAt: string };

/** Only addresses of this shop are gone back to. */
function safeBack(back: string | null): string {
  return back?.startsWith("/") && !back.startsWith("//") ? back : "/me";
}

export default function SignInPage() {
  const t = useWords();
  const [params] = useSearchParams();
  const back = safeBack(params.get("back"));
  const { data: member } = useMember();
  const [sent, setSent] = useState<Sent | null>(null);
  useTitle(t.signIn.title);
  if (member) return <Redirect to={back} replace />;
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.signIn.title} />
        <p className="sl-muted">{t.signIn.lead}</p>
        <Card>
          {sent ? (
            <CodeStep key={sent.resendAt} sent={sent} onSent={setSent} back={back} />
          ) : (
            <PhoneStep onSent={setSent} />
          )}
        </Card>
        <p className="sl-small sl-muted">
          {t.signIn.privacy} <A href="/privacy">{t.signIn.privacyLink}</A>
        </p>
      </Stack>
    </div>
  );
}

function useSendCode(onSent: (sent: Sent | null) => void) {
  return useAction((phone: string, intent) => memberOtpStart({ phone }, intent), {
    onSuccess: (answer, phone) => {
      const resendAt = new Date(Date.now() + answer.resend_after_s * 1_000).toISOString();
      onSent({ ...answer, phone, resendAt });
    },
  });
}

function PhoneStep({ onSent }: { onSent: (sent: Sent | null) => void }) {
  const t = useWords();
  const [phone, setPhone] = useState("");
  const [tried, setTried] = useState(false);
  const send = useSendCode(onSent);
  const valid = looksLikePhone(phone);
  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (valid) send.mutate(phone.trim());
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t.signIn.phone}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          autoFocus
          value={phone}
          error={tried && !valid ? t.checkout.needPhone : undefined}
          onChange={setPhone}
        />
        <ProblemNotice error={send.error} />
        <Button kind="primary" block type="submit" busy={send.isPending}>
          {t.signIn.send}
        </Button>
      </Stack>
    </form>
  );
}

type CodeStepProps = { sent: Sent; onSent: (sent: Sent | null) => void; back: string };

function CodeStep({ sent, onSent, back }: CodeStepProps) {
  const t = useWords();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [marketing, setMarketing] = useState(false);
  const again = useSendCode(onSent);
  const wait = useSecondsUntil(sent.resendAt) ?? 0;
  const signIn = useAction(
    (input: { code: string; name: string; marketing: boolean }, intent) =>
      memberSignIn(
        {
          phone: sent.phone,
          code: input.code,
          ...(input.name ? { name: input.name } : {}),
          // Silence is no consent, and no refusal of one given earlier either.
          ...(input.marketing
            ? { consents: { marketing_sms: true }, policy_version: POLICY_VERSION }
            : {}),
        },
        intent,
      ),
    {
      onSuccess: (session) => {
        void rememberMember(client, session.member);
        toast(session.new ? t.signIn.welcomeNew : t.signIn.welcome);
        go(back, { replace: true });
      },
    },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ code: code.trim(), name: name.trim(), marketing });
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <p>
          {t.signIn.sentTo(sent.phone)}{" "}
          <Button kind="quiet" size="small" onClick={() => onSent(null)}>
            {t.signIn.change}
          </Button>
        </p>
        <TextInput
          label={t.signIn.code}
          code
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          value={code}
          onChange={setCode}
        />
        <TextInput
          label={t.signIn.name}
          hint={t.signIn.nameHint}
          optional
          autoComplete="name"
          value={name}
          onChange={setName}
        />
        <Checkbox
          label={t.signIn.marketing}
          hint={t.signIn.marketingHint}
          checked={marketing}
          onChange={setMarketing}
        />
        <ProblemNotice error={signIn.error ?? again.error} />
        <Button
          kind="primary"
          block
          type="submit"
          disabled={code.trim().length < 4}
          busy={signIn.isPending}
        >
          {t.signIn.submit}
        </Button>
        <Button
          kind="quiet"
          block
          disabled={wait > 0}
          busy={again.isPending}
          onClick={() => again.mutate(sent.phone)}
        >
          {wait > 0 ? t.signIn.resendIn(wait) : t.signIn.resend}
        </Button>
      </Stack>
    </form>
  );
}

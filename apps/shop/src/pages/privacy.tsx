import { type ConsentPurpose, type Member, myConsentSet, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Card,
  Checkbox,
  Icon,
  type IconName,
  PageHeader,
  ProblemNotice,
  Stack,
  toast,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useBack } from "../back.ts";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME, useMember } from "../state/member.ts";
import { POLICY_VERSION } from "../state/policy.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

const PURPOSES: ConsentPurpose[] = [
  "service",
  "marketing_sms",
  "marketing_email",
  "personalisation",
];

/** Privacy in plain words, readable by anybody; the switches for those who are signed in. */
export default function PrivacyPage() {
  const t = useWords();
  const back = useBack("/");
  const { data: member, isPending } = useMember();
  useTitle(t.privacy.title);
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.privacy.title} back={member ? "/me" : back} />
        <p className="sl-muted">{t.privacy.lead}</p>
        {member ? <Consents member={member} /> : !isPending && <SignInButton kind="secondary" />}
        <PlainList title={t.privacy.holdTitle} items={t.privacy.hold} icon="check" />
        <PlainList title={t.privacy.notTitle} items={t.privacy.not} icon="cross" />
        <p className="sl-caption">{t.privacy.policy(POLICY_VERSION)}</p>
      </Stack>
    </div>
  );
}

type Change = { purpose: ConsentPurpose; granted: boolean };

function Consents({ member }: { member: Member }) {
  const t = useWords();
  const { dateTime } = useI18n();
  const client = useQueryClient();
  const set = useAction(
    ({ purpose, granted }: Change, intent) =>
      myConsentSet(purpose, { granted, policy_version: POLICY_VERSION }, intent),
    { onSuccess: (updated) => client.setQueryData([...ME, "member"], updated) },
  );
  async function change(next: Change) {
    await set.mutateAsync(next);
    toast(`${t.privacy.purposes[next.purpose]}: ${next.granted ? t.privacy.on : t.privacy.off}`, {
      onUndo: () => set.mutate({ ...next, granted: !next.granted }),
    });
  }
  return (
    <Stack gap={2}>
      {PURPOSES.map((purpose) => {
        const consent = member.consents.find((each) => each.purpose === purpose);
        const state = consent
          ? `${consent.granted ? t.privacy.on : t.privacy.off} · ${t.privacy.since(dateTime(consent.at))}`
          : t.privacy.never;
        return (
          <Checkbox
            key={purpose}
            card
            asSwitch
            label={t.privacy.purposes[purpose]}
            hint={
              <>
                {t.privacy.texts[purpose]}
                <br />
                {state}
              </>
            }
            checked={consent?.granted ?? false}
            disabled={set.isPending}
            // A refusal is shown below.
            onChange={(granted) => void change({ purpose, granted }).catch(() => undefined)}
          />
        );
      })}
      <ProblemNotice error={set.error} />
    </Stack>
  );
}

function PlainList(props: { title: string; items: readonly string[]; icon: IconName }) {
  return (
    <Card title={props.title}>
      <ul className="sl-stack sl-stack--2">
        {props.items.map((item) => (
          <li key={item} className="shop-stock">
            <Icon name={props.icon} />
            <span className="sl-grow">{item}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

import type { Member } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  List,
  ListItem,
  Loading,
  PageHeader,
  QueryView,
  RadioGroup,
  Skeleton,
  Stack,
  TierBadge,
  toast,
  useTheme,
  ViewState,
} from "@storeloop/ui";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { useMember, useSignOut } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function MePage() {
  const t = useWords();
  const member = useMember();
  useTitle(t.me.title);
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.me.title} />
        <QueryView
          query={member}
          skeleton={
            <Loading>
              <Skeleton height="7rem" />
              <Skeleton height="16rem" />
            </Loading>
          }
          empty={(data) =>
            data ? null : (
              <ViewState icon="user" title={t.home.join} action={<SignInButton />}>
                {t.home.joinText}
              </ViewState>
            )
          }
        >
          {(data) => data && <MemberHub member={data} />}
        </QueryView>
        <List>
          <ListItem
            icon="gift"
            title={t.gift.balance}
            hint={t.gift.balanceHint}
            href="/gift-card"
          />
        </List>
        <Appearance />
      </Stack>
    </div>
  );
}

function MemberHub({ member }: { member: Member }) {
  const t = useWords();
  const { number, date } = useI18n();
  const signOut = useSignOut(() => toast(t.signIn.outDone));
  return (
    <>
      <Card>
        <div className="shop-line">
          <div className="sl-grow">
            <p className="shop-state__word">
              {member.name ?? member.phone} <TierBadge tier={member.tier} />
            </p>
            <p className="sl-small sl-muted">
              {t.me.number(member.number)} · {t.me.since(date(member.joined_at))}
            </p>
          </div>
          <Button kind="primary" icon="qr" href="/me/code">
            {t.me.code}
          </Button>
        </div>
      </Card>
      <List>
        <ListItem icon="bag" title={t.me.orders} hint={t.me.ordersHint} href="/me/orders" />
        <ListItem icon="clock" title={t.me.timeline} hint={t.me.timelineHint} href="/me/timeline" />
        <ListItem
          icon="gift"
          title={t.me.points}
          end={<span className="sl-strong">{number(member.points)}</span>}
          href="/me/points"
        />
        <ListItem icon="voice" title={t.me.voices} hint={t.me.voicesHint} href="/voice" />
        <ListItem
          icon="message"
          title={t.me.messages}
          hint={t.me.messagesHint}
          href="/me/messages"
        />
        <ListItem icon="shield" title={t.me.privacy} hint={t.me.privacyHint} href="/privacy" />
        <ListItem icon="user" title={t.me.profile} hint={member.phone} href="/me/profile" />
      </List>
      <Button kind="quiet" block busy={signOut.isPending} onClick={() => signOut.mutate(undefined)}>
        {t.signIn.out}
      </Button>
    </>
  );
}

function Appearance() {
  const t = useWords();
  const { choice, setTheme } = useTheme();
  return (
    <RadioGroup
      label={t.theme.label}
      look="chips"
      value={choice}
      onChange={setTheme}
      options={[
        { value: "system", label: t.theme.system },
        { value: "light", label: t.theme.light },
        { value: "dark", label: t.theme.dark },
      ]}
    />
  );
}

import { memberCodeShow } from "@storeloop/api";
import { Card, Loading, PageHeader, QrCode, QueryView, Skeleton, Stack } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useSecondsUntil } from "../parts/countdown.ts";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** A new code is asked for this long before the old one ends, so that a scan never meets a dead one. */
const EARLY_MS = 15_000;

export default function MyCodePage() {
  const t = useWords();
  useTitle(t.me.code);
  const code = useQuery({
    queryKey: [...ME, "code"],
    queryFn: memberCodeShow,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      state.data
        ? Math.max(5_000, Date.parse(state.data.expires_at) - Date.now() - EARLY_MS)
        : false,
  });
  const left = useSecondsUntil(code.data?.expires_at);
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.me.code} back="/me" />
        <QueryView
          query={code}
          signIn={<SignInButton />}
          skeleton={
            <Loading>
              <Skeleton height="20rem" />
            </Loading>
          }
        >
          {(data) => (
            <Card>
              <Stack>
                <QrCode payload={data.payload} label={t.me.codeQr} />
                <p className="shop-code">{data.number}</p>
                <p className="sl-small sl-muted shop-centre">
                  {t.me.codeText}
                  {left !== null && <span aria-hidden="true"> {t.me.codeEnds(left)}</span>}
                </p>
              </Stack>
            </Card>
          )}
        </QueryView>
      </Stack>
    </div>
  );
}

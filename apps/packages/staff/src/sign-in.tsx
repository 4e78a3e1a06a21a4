import { isProblem, STAFF_SESSION_KEY, staffSignIn, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Card, PageHeader, ProblemNotice, Stack, TextInput } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useStaffWords } from "./words.ts";

/** The door to an app of staff: name, pass phrase and, where somebody has one, the code. */
export function SignIn({ title }: { title: string }) {
  const t = useStaffWords().signIn;
  const { locale, setLocale } = useI18n();
  const queries = useQueryClient();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const signIn = useAction((body: Parameters<typeof staffSignIn>[0]) => staffSignIn(body), {
    onSuccess: (session) => queries.setQueryData(STAFF_SESSION_KEY, session),
  });
  const asksTotp = isProblem(signIn.error, "access.totp_required") || totp !== "";
  return (
    <>
      <PageHeader
        title={title}
        end={
          <Button
            kind="quiet"
            size="small"
            lang={locale === "zh" ? "en" : "zh-CN"}
            onClick={() => setLocale(locale === "zh" ? "en" : "zh")}
          >
            {locale === "zh" ? "English" : "中文"}
          </Button>
        }
      />
      <Card>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate({ login: login.trim(), password, ...(totp ? { totp } : {}) });
          }}
        >
          <Stack>
            <TextInput
              label={t.login}
              value={login}
              onChange={setLogin}
              autoComplete="username"
              autoCapitalize="none"
              autoFocus
              required
            />
            <TextInput
              label={t.password}
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
              required
            />
            {asksTotp && (
              <TextInput
                code
                label={t.totp}
                hint={t.totpHint}
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={6}
                value={totp}
                onChange={setTotp}
                autoFocus
              />
            )}
            <ProblemNotice error={signIn.error} />
            <Button kind="primary" type="submit" block busy={signIn.isPending}>
              {t.submit}
            </Button>
          </Stack>
        </form>
      </Card>
    </>
  );
}

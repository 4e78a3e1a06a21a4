import { isProblem, STAFF_SESSION_KEY, staffSignIn, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Card, PageHeader, ProblemNotice, Stack, TextInput } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";

export default function SignInPage() {
  const t = useWords();
  const { locale, setLocale } = useI18n();
  const queries = useQueryClient();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const signIn = useAction(
    (body: { login: string; password: string; totp?: string }) => staffSignIn(body),
    { onSuccess: (session) => queries.setQueryData(STAFF_SESSION_KEY, session) },
  );
  const asksTotp = isProblem(signIn.error, "access.totp_required") || totp !== "";
  return (
    <main className="console-sign-in sl-stack">
      <PageHeader
        title={t.signIn.title}
        end={
          <Button
            kind="quiet"
            size="small"
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
              label={t.signIn.login}
              value={login}
              onChange={setLogin}
              autoComplete="username"
              autoCapitalize="none"
              required
            />
            <TextInput
              label={t.signIn.password}
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
              required
            />
            {asksTotp && (
              <TextInput
                code
                label={t.signIn.totp}
                hint={t.signIn.totpHint}
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={6}
                value={totp}
                onChange={setTotp}
              />
            )}
            <ProblemNotice error={signIn.error} />
            <Button kind="primary" type="submit" block busy={signIn.isPending}>
              {t.signIn.submit}
            </Button>
          </Stack>
        </form>
      </Card>
    </main>
  );
}

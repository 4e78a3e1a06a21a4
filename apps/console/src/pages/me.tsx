import {
  STAFF_SESSION_KEY,
  staffTotpConfirm,
  staffTotpDisable,
  staffTotpEnrol,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Facts,
  PageHeader,
  ProblemNotice,
  QrCode,
  Stack,
  Tag,
  TextInput,
  toast,
  useStateWords,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MePage() {
  const t = useWords();
  const states = useStateWords();
  const { list } = useI18n();
  const { staff } = useSession();
  return (
    <>
      <PageHeader title={t.me.title} />
      <Card>
        <Facts
          items={[
            { label: t.staff.name, value: staff.name },
            { label: t.staff.login, value: <span className="sl-mono">{staff.login}</span> },
            {
              label: t.staff.roles,
              value: list(staff.roles.map((one) => states.role[one.role])),
            },
          ]}
        />
      </Card>
      <Card title={t.me.totp} end={staff.totp_enabled && <Tag tone="success">{t.me.totpOn}</Tag>}>
        <Stack>
          <p className="sl-muted">{t.me.totpText}</p>
          {staff.totp_enabled ? <TurnOff /> : <TurnOn />}
        </Stack>
      </Card>
    </>
  );
}

function CodeForm(props: {
  label: string;
  error: unknown;
  busy: boolean;
  onSubmit: (code: string) => void;
}) {
  const t = useWords();
  const [code, setCode] = useState("");
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit(code);
      }}
    >
      <TextInput
        code
        label={t.me.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={code}
        onChange={setCode}
        required
      />
      <ProblemNotice error={props.error} />
      <Button type="submit" busy={props.busy}>
        {props.label}
      </Button>
    </form>
  );
}

function TurnOn() {
  const t = useWords();
  const queries = useQueryClient();
  const start = useAction(() => staffTotpEnrol());
  const confirm = useAction((code: string) => staffTotpConfirm({ code }), {
    onSuccess: () => {
      toast(t.me.confirmed);
      return queries.invalidateQueries({ queryKey: STAFF_SESSION_KEY });
    },
  });
  if (!start.data) {
    return (
      <>
        <ProblemNotice error={start.error} />
        <Button icon="shield" busy={start.isPending} onClick={() => start.mutate(undefined)}>
          {t.me.start}
        </Button>
      </>
    );
  }
  return (
    <>
      <p>{t.me.scan}</p>
      <QrCode payload={start.data.otpauth_url} label={t.me.totp} />
      <code className="sl-mono">{start.data.secret}</code>
      <CodeForm
        label={t.me.confirm}
        error={confirm.error}
        busy={confirm.isPending}
        onSubmit={(code) => confirm.mutate(code)}
      />
    </>
  );
}

function TurnOff() {
  const t = useWords();
  const queries = useQueryClient();
  const remove = useAction((code: string) => staffTotpDisable({ code }), {
    onSuccess: () => {
      toast(t.me.removed);
      return queries.invalidateQueries({ queryKey: STAFF_SESSION_KEY });
    },
  });
  return (
    <CodeForm
      label={t.me.remove}
      error={remove.error}
      busy={remove.isPending}
      onSubmit={(code) => remove.mutate(code)}
    />
  );
}

import { type ApiKey, apiKeyCreate, apiKeyRevoke, apiKeyList, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  Dialog,
  Notice,
  ProblemNotice,
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function ApiKeysPage() {
  const t = useWords();
  const { date } = useI18n();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const revoke = useAction((id: string) => apiKeyRevoke(id), {
    onSuccess: () => {
      toast(t.apiKeys.revoked);
      return queries.invalidateQueries({ queryKey: ["api-keys"] });
    },
  });
  const columns: Column<ApiKey>[] = [
    { key: "name", title: t.apiKeys.name, render: (row) => row.name, text: (row) => row.name },
    {
      key: "permissions",
      title: t.apiKeys.permissions,
      render: (row) => <span className="sl-mono">{row.permissions.join(" ")}</span>,
      text: (row) => row.permissions.join(" "),
    },
    {
      key: "created",
      title: t.apiKeys.created,
      render: (row) => <DateTime value={row.created_at} as="date" />,
      text: (row) => date(row.created_at),
    },
    {
      key: "expires",
      title: t.apiKeys.expires,
      render: (row) =>
        row.expires_at ? <DateTime value={row.expires_at} as="date" /> : t.apiKeys.never,
      text: (row) => (row.expires_at ? date(row.expires_at) : ""),
    },
    {
      key: "used",
      title: t.apiKeys.lastUsed,
      render: (row) => (row.last_used_at ? <DateTime value={row.last_used_at} /> : "—"),
      text: (row) => (row.last_used_at ? date(row.last_used_at) : ""),
    },
    {
      key: "revoke",
      title: "",
      render: (row) => (
        <Button size="small" kind="danger" onClick={() => revoke.mutate(row.id)}>
          {t.apiKeys.revoke}
        </Button>
      ),
      text: () => "",
    },
  ];
  return (
    <>
      <ListView
        name="api-keys"
        title={t.apiKeys.title}
        intro={<ProblemNotice error={revoke.error} />}
        end={
          <Button size="small" kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {t.apiKeys.add}
          </Button>
        }
        columns={columns}
        filters={[]}
        load={(filters, cursor) => apiKeyList({ ...filters, cursor })}
        rowKey={(row) => row.id}
      />
      <Dialog title={t.apiKeys.add} open={adding} onClose={() => setAdding(false)}>
        <AddForm />
      </Dialog>
    </>
  );
}

function AddForm() {
  const t = useWords();
  const { permissions } = useSession();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const create = useAction(
    (body: Parameters<typeof apiKeyCreate>[0], intent) => apiKeyCreate(body, intent),
    { onSuccess: () => queries.invalidateQueries({ queryKey: ["api-keys"] }) },
  );
  if (create.data) {
    const { secret } = create.data;
    return (
      <Stack>
        <Notice tone="warning" title={t.apiKeys.secret} />
        <code className="sl-mono">{secret}</code>
        <Button
          onClick={() => navigator.clipboard.writeText(secret).then(() => toast(t.apiKeys.copied))}
        >
          {t.apiKeys.copy}
        </Button>
      </Stack>
    );
  }
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({
          name: name.trim(),
          permissions: chosen,
          scope: { kind: "all", id: null },
        });
      }}
    >
      <TextInput label={t.apiKeys.name} value={name} onChange={setName} required maxLength={100} />
      <Select
        mode="multiple"
        aria-label={t.apiKeys.permissions}
        placeholder={t.apiKeys.permissions}
        style={{ width: "100%" }}
        value={chosen}
        onChange={(next: string[]) => setChosen(next)}
        options={permissions.map((value) => ({ value, label: value }))}
      />
      <ProblemNotice error={create.error} />
      <Button kind="primary" type="submit" busy={create.isPending} disabled={chosen.length === 0}>
        {t.apiKeys.add}
      </Button>
    </form>
  );
}

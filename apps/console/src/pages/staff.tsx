import {
  type Role,
  type Scope,
  type Staff,
  staffCreate,
  staffList,
  staffUpdate,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Dialog,
  ProblemNotice,
  Select,
  Tag,
  TextInput,
  toast,
  useStateWords,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, ListView } from "../parts/list-view.tsx";
import { PlacePicker, usePlaceName, usePlaces } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function StaffPage() {
  const t = useWords();
  const states = useStateWords();
  const { may, staff: me } = useSession();
  const { list } = useI18n();
  const placeName = usePlaceName();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const setActive = useAction(
    (row: Staff, intent) =>
      staffUpdate(row.id, { active: !row.active }, { ...intent, ifMatch: row.version }),
    {
      onSuccess: () => {
        toast(t.staff.saved);
        return queries.invalidateQueries({ queryKey: ["staff"] });
      },
    },
  );
  const scope = ({ kind, id }: Scope) =>
    kind === "all" ? t.staff.scopeKinds.all : kind === "place" ? placeName(id) : (id ?? "");
  const roles = (row: Staff) =>
    list(row.roles.map((grant) => `${states.role[grant.role]} (${scope(grant.scope)})`));
  const columns: Column<Staff>[] = [
    { key: "name", title: t.staff.name, render: (row) => row.name, text: (row) => row.name },
    {
      key: "login",
      title: t.staff.login,
      render: (row) => <span className="sl-mono">{row.login}</span>,
      text: (row) => row.login,
    },
    { key: "roles", title: t.staff.roles, render: roles, text: roles },
    {
      key: "totp",
      title: t.staff.totp,
      render: (row) => (
        <Tag tone={row.totp_enabled ? "success" : "neutral"}>
          {row.totp_enabled ? t.staff.on : t.staff.off}
        </Tag>
      ),
      text: (row) => (row.totp_enabled ? t.staff.on : t.staff.off),
    },
    {
      key: "active",
      title: t.staff.active,
      render: (row) => (
        <Tag tone={row.active ? "success" : "neutral"}>
          {row.active ? t.staff.active : t.staff.disabled}
        </Tag>
      ),
      text: (row) => (row.active ? t.staff.active : t.staff.disabled),
    },
    {
      key: "change",
      title: "",
      render: (row) =>
        may("staff.manage") &&
        row.id !== me.id && (
          <Button size="small" onClick={() => setActive.mutate(row)}>
            {row.active ? t.staff.disable : t.staff.enable}
          </Button>
        ),
      text: () => "",
    },
  ];
  return (
    <>
      <ListView
        name="staff"
        title={t.staff.title}
        intro={<ProblemNotice error={setActive.error} />}
        end={
          may("staff.manage") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setAdding(true)}>
              {t.staff.add}
            </Button>
          )
        }
        columns={columns}
        filters={[]}
        load={(filters, cursor) => staffList({ ...filters, cursor })}
        rowKey={(row) => row.id}
      />
      <Dialog title={t.staff.add} open={adding} onClose={() => setAdding(false)}>
        <AddForm onDone={() => setAdding(false)} />
      </Dialog>
    </>
  );
}

const ROLES: Role[] = [
  "associate",
  "store_manager",
  "area_manager",
  "head_office",
  "service_agent",
  "marketer",
  "experience_manager",
  "data",
  "auditor",
  "admin",
];
const PASSWORD_MIN_CHARS = 10;

function AddForm({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const states = useStateWords();
  const queries = useQueryClient();
  const regions = [...new Set((usePlaces().data?.items ?? []).map((place) => place.region))];
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [locale, setLocale] = useState<"zh" | "en">("zh");
  const [role, setRole] = useState<Role>("associate");
  const [kind, setKind] = useState<"all" | "region" | "place">("place");
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [region, setRegion] = useState<string | "">("");
  const add = useAction(
    (body: Parameters<typeof staffCreate>[0], intent) => staffCreate(body, intent),
    {
      onSuccess: () => {
        toast(t.staff.saved);
        onDone();
        return queries.invalidateQueries({ queryKey: ["staff"] });
      },
    },
  );
  const scopeId = { all: null, region: region || null, place: placeId }[kind];
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate({
          login: login.trim(),
          name: name.trim(),
          password,
          locale,
          roles: [{ role, scope: { kind, id: scopeId } }],
          ...(kind === "place" && placeId ? { home_place_id: placeId } : {}),
        });
      }}
    >
      <TextInput
        label={t.staff.login}
        value={login}
        onChange={setLogin}
        required
        autoComplete="off"
      />
      <TextInput label={t.staff.name} value={name} onChange={setName} required />
      <TextInput
        label={t.staff.password}
        hint={t.staff.passwordHint}
        type="password"
        minLength={PASSWORD_MIN_CHARS}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        required
      />
      <Select
        label={t.staff.language}
        value={locale}
        onChange={setLocale}
        options={[
          { value: "zh", label: "中文" },
          { value: "en", label: "English" },
        ]}
      />
      <Select
        label={t.staff.roles}
        value={role}
        onChange={setRole}
        options={ROLES.map((value) => ({ value, label: states.role[value] }))}
      />
      <Select
        label={t.staff.scope}
        value={kind}
        onChange={setKind}
        options={(["place", "region", "all"] as const).map((value) => ({
          value,
          label: t.staff.scopeKinds[value],
        }))}
      />
      {kind === "place" && (
        <PlacePicker label={t.staff.place} value={placeId} onChange={setPlaceId} />
      )}
      {kind === "region" && (
        <Select
          label={t.staff.region}
          value={region}
          onChange={setRegion}
          options={regions.map((value) => ({ value, label: value }))}
        />
      )}
      <ProblemNotice error={add.error} />
      <Button
        kind="primary"
        type="submit"
        busy={add.isPending}
        disabled={kind !== "all" && scopeId === null}
      >
        {t.staff.add}
      </Button>
    </form>
  );
}

import {
  type PriceList,
  type PriceListIn,
  priceListChange,
  priceListCreate,
  priceListGet,
  priceListRemove,
  isProblem,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Checkbox,
  Dialog,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { PriceEntries } from "../parts/price-entries.tsx";
import { AudienceFields, StandingTag, TimeField } from "../parts/price-fields.tsx";
import "../prices.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const CURRENCIES = ["CNY", "USD", "EUR", "GBP", "HKD", "JPY"];

const BLANK: PriceListIn = {
  code: "",
  name: { zh: "", en: "" },
  currency: "CNY",
  tax_included: true,
  audience: { channels: [], place_ids: [], tiers: [] },
  valid_from: null,
  valid_until: null,
  active: true,
};

export default function PriceListPage({ id }: { id: string }) {
  const t = useWords();
  const isNew = id === "new";
  const list = useQuery({
    queryKey: ["object", id],
    queryFn: () => priceListGet(id),
    enabled: !isNew,
  });
  if (isNew) {
    return (
      <>
        <PageHeader back="/prices" title={t.prices.addList} />
        <Card title={t.prices.details}>
          <DetailsForm list={null} />
        </Card>
      </>
    );
  }
  return <QueryView query={list}>{(data) => <Body list={data} />}</QueryView>;
}

function Body({ list }: { list: PriceList }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useSession();
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <PageHeader
        back="/prices"
        title={text(list.name)}
        end={
          <Row>
            <StandingTag standing={list.standing} />
            {may("price.manage") && (
              <Button size="small" kind="danger" icon="trash" onClick={() => setRemoving(true)}>
                {t.prices.remove}
              </Button>
            )}
          </Row>
        }
      />
      <div className="console-columns">
        <PriceEntries list={list} readOnly={!may("price.manage")} />
        <Card title={t.prices.details}>
          <DetailsForm key={list.version} list={list} />
        </Card>
      </div>
      <Dialog title={t.prices.removeTitle} open={removing} onClose={() => setRemoving(false)}>
        <RemoveForm list={list} />
      </Dialog>
    </>
  );
}

function RemoveForm({ list }: { list: PriceList }) {
  const t = useWords();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const remove = useAction(
    (_: null, intent) => priceListRemove(list.id, { ...intent, ifMatch: list.version }),
    {
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: ["price-lists"] });
        toast(t.prices.removed);
        go("/prices");
      },
    },
  );
  return (
    <Stack>
      <p>{t.prices.removeText}</p>
      <ProblemNotice error={remove.error} />
      <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(null)}>
        {t.prices.remove}
      </Button>
    </Stack>
  );
}

function inputOf(list: PriceList): PriceListIn {
  const { code, name, currency, tax_included, audience, valid_from, valid_until, active } = list;
  return { code, name, currency, tax_included, audience, valid_from, valid_until, active };
}

function DetailsForm({ list }: { list: PriceList | null }) {
  const t = useWords();
  const { may } = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [form, setForm] = useState(list ? inputOf(list) : BLANK);
  const save = useAction(
    (body: PriceListIn, intent) =>
      list
        ? priceListChange(list.id, body, { ...intent, ifMatch: list.version })
        : priceListCreate(body, intent),
    {
      onSuccess: (saved) => {
        queries.setQueryData(["object", saved.id], saved);
        void queries.invalidateQueries({ queryKey: ["price-lists"] });
        toast(t.prices.saved);
        if (!list) go(`/prices/${saved.id}`, { replace: true });
      },
    },
  );
  const problem = isProblem(save.error) ? save.error : null;
  const set = (change: Partial<PriceListIn>) => setForm({ ...form, ...change });
  const audience = form.audience ?? {};
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(form);
      }}
    >
      <TextInput
        label={t.prices.code}
        hint={t.prices.codeHint}
        value={form.code}
        error={problem?.field("code")}
        onChange={(code) => set({ code })}
        required
        maxLength={64}
      />
      <TextInput
        label={t.prices.nameZh}
        hint={t.prices.nameHint}
        value={form.name.zh}
        error={problem?.field("name.zh")}
        onChange={(zh) => set({ name: { ...form.name, zh } })}
        required
        maxLength={120}
      />
      <TextInput
        label={t.prices.nameEn}
        value={form.name.en}
        error={problem?.field("name.en")}
        onChange={(en) => set({ name: { ...form.name, en } })}
        required
        maxLength={120}
      />
      <AudienceFields
        value={{
          channels: audience.channels ?? [],
          place_ids: audience.place_ids ?? [],
          tiers: audience.tiers ?? [],
        }}
        onChange={(next) => set({ audience: next })}
      />
      <div className="console-pair console-pair--times">
        <TimeField
          label={t.prices.from}
          value={form.valid_from ?? null}
          onChange={(valid_from) => set({ valid_from })}
        />
        <TimeField
          label={t.prices.until}
          value={form.valid_until ?? null}
          error={problem?.field("valid_until")}
          onChange={(valid_until) => set({ valid_until })}
        />
      </div>
      <Select
        label={t.prices.currency}
        value={form.currency}
        disabled={list !== null && list.entry_count > 0}
        options={[...new Set([form.currency, ...CURRENCIES])].map((value) => ({
          value,
          label: value,
        }))}
        onChange={(currency) => set({ currency })}
      />
      <Checkbox
        asSwitch
        label={t.prices.taxIncluded}
        hint={t.prices.taxIncludedHint}
        checked={form.tax_included ?? true}
        onChange={(tax_included) => set({ tax_included })}
      />
      <Checkbox
        asSwitch
        label={t.prices.active}
        hint={t.prices.activeHint}
        checked={form.active ?? true}
        onChange={(active) => set({ active })}
      />
      <ProblemNotice error={save.error} />
      {may("price.manage") && (
        <Button className="console-save" kind="primary" type="submit" busy={save.isPending}>
          {t.prices.save}
        </Button>
      )}
    </form>
  );
}

import {
  type PriceSettings,
  type PriceSettingsIn,
  priceSettingsChange,
  priceSettingsGet,
  type TaxRule,
  useAction,
} from "@storeloop/api";
import { fromBasisPoints, toBasisPoints, useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  IconButton,
  PageHeader,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CategoriesPicker, CHANNELS, Many } from "../parts/price-fields.tsx";
import "../prices.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const KEY = ["price-settings"];

export default function PriceSettingsPage() {
  const t = useWords();
  const settings = useQuery({ queryKey: KEY, queryFn: priceSettingsGet });
  return (
    <>
      <PageHeader back="/prices" title={t.prices.settingsTitle} />
      <QueryView query={settings}>
        {(data) => <SettingsForm key={data.version} settings={data} />}
      </QueryView>
    </>
  );
}

type RateForm = Omit<TaxRule, "basis_points" | "region"> & { rate: string; region: string };

const NEW_RATE: RateForm = { name: { zh: "", en: "" }, category_ids: [], region: "", rate: "" };

function SettingsForm({ settings }: { settings: PriceSettings }) {
  const t = useWords();
  const { may } = useSession();
  const { text } = useI18n();
  const queries = useQueryClient();
  const [change, setChange] = useState(settings.price_change);
  const [apart, setApart] = useState(settings.tax_apart_channels);
  const [rates, setRates] = useState<RateForm[]>(
    settings.tax_rules.map(({ basis_points, region, ...rule }) => ({
      ...rule,
      region: region ?? "",
      rate: fromBasisPoints(basis_points),
    })),
  );
  const save = useAction(
    (body: PriceSettingsIn, intent) =>
      priceSettingsChange(body, { ...intent, ifMatch: settings.version }),
    {
      onSuccess: (saved) => {
        queries.setQueryData(KEY, saved);
        toast(t.prices.saved);
      },
    },
  );
  const isBad = (one: RateForm) => toBasisPoints(one.rate) === null;
  const set = (at: number, next: Partial<RateForm>) =>
    setRates(rates.map((one, index) => (index === at ? { ...one, ...next } : one)));
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          price_change: change,
          tax_apart_channels: apart,
          tax_rules: rates.map(({ rate, region, ...rule }) => ({
            ...rule,
            region: region.trim() || null,
            basis_points: toBasisPoints(rate) ?? 0,
          })),
        });
      }}
    >
      <Card>
        <RadioGroup
          label={t.prices.priceChange}
          look="cards"
          value={change}
          onChange={setChange}
          options={[
            {
              value: "keep_while_held",
              label: t.prices.keepWhileHeld,
              hint: t.prices.keepWhileHeldText,
            },
            {
              value: "reprice_and_show",
              label: t.prices.repriceAndShow,
              hint: t.prices.repriceAndShowText,
            },
          ]}
        />
      </Card>
      <Card title={t.prices.taxRules}>
        <Stack>
          <p className="sl-caption">{t.prices.taxRulesHint}</p>
          {rates.map((one, index) => (
            <div className="console-pair" key={index}>
              <TextInput
                label={t.prices.nameZh}
                value={one.name.zh}
                onChange={(zh) => set(index, { name: { ...one.name, zh } })}
                required
                maxLength={120}
              />
              <TextInput
                label={t.prices.nameEn}
                value={one.name.en}
                onChange={(en) => set(index, { name: { ...one.name, en } })}
                required
                maxLength={120}
              />
              <CategoriesPicker
                label={t.prices.categories}
                placeholder={t.prices.allGoods}
                value={one.category_ids}
                onChange={(category_ids) => set(index, { category_ids })}
              />
              <TextInput
                label={t.prices.taxRegion}
                hint={t.prices.taxRegionHint}
                optional
                value={one.region}
                onChange={(region) => set(index, { region })}
                maxLength={100}
              />
              <TextInput
                label={t.prices.taxRate}
                inputMode="decimal"
                value={one.rate}
                error={one.rate !== "" && isBad(one) ? t.prices.badRate : undefined}
                onChange={(rate) => set(index, { rate })}
                required
              />
              <IconButton
                icon="trash"
                label={t.prices.dropTax(text(one.name))}
                onClick={() => setRates(rates.filter((_, at) => at !== index))}
              />
            </div>
          ))}
          <Button size="small" icon="plus" onClick={() => setRates([...rates, NEW_RATE])}>
            {t.prices.addTax}
          </Button>
          <Many
            label={t.prices.taxApart}
            placeholder="—"
            value={apart}
            options={CHANNELS.map((value) => ({ value, label: t.prices.channelNames[value] }))}
            onChange={setApart}
          />
          <p className="sl-caption">{t.prices.taxApartHint}</p>
        </Stack>
      </Card>
      <ProblemNotice error={save.error} />
      {may("price.manage") && (
        <Button
          className="console-save"
          kind="primary"
          type="submit"
          busy={save.isPending}
          disabled={rates.some(isBad)}
        >
          {t.prices.save}
        </Button>
      )}
    </form>
  );
}

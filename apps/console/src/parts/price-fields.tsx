/** The fields price lists and promotions share: names, for whom, from when until when. */
import { type Audience, categoryList, productGet, productList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Field, Tag, TextInput, useDelayed } from "@storeloop/ui";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { usePlaces } from "./pickers.tsx";
import { useWords } from "../words/index.ts";

export const CHANNELS = ["web", "app", "mini_program", "store", "pos", "marketplace"] as const;
export const TIERS = ["member", "silver", "gold", "platinum"] as const;

const STANDING_LOOK = {
  running: ["success", "check"],
  scheduled: ["info", "clock"],
  ended: ["neutral", "clock"],
  paused: ["warning", "lock"],
} as const;

export type Standing = keyof typeof STANDING_LOOK;

export function StandingTag({ standing }: { standing: Standing }) {
  const t = useWords();
  const [tone, icon] = STANDING_LOOK[standing];
  return (
    <Tag tone={tone} icon={icon}>
      {t.prices.standings[standing]}
    </Tag>
  );
}

/** For whom something is, in a few words. */
export function useAudienceText(): (audience: Audience) => string {
  const t = useWords();
  return ({ channels, place_ids, tiers }) => {
    const parts = [
      ...(place_ids.length > 0 ? [t.prices.placeCount(place_ids.length)] : []),
      ...tiers.map((tier) => t.prices.tierNames[tier]),
      ...channels.map((channel) => t.prices.channelNames[channel]),
    ];
    return parts.length > 0 ? parts.join(" · ") : t.prices.everybody;
  };
}

type Validity = { valid_from: string | null; valid_until: string | null };

export function useValidityText(): (validity: Validity) => string {
  const t = useWords();
  const { date } = useI18n();
  return ({ valid_from: from, valid_until: until }) => {
    if (from && until) return `${date(from)} – ${date(until)}`;
    if (from) return t.prices.sinceWhen(date(from));
    return until ? t.prices.untilWhen(date(until)) : t.prices.always;
  };
}

type ManyProps<V extends string> = {
  label: string;
  placeholder: string;
  value: V[];
  options: { value: V; label: string }[];
  onChange: (value: V[]) => void;
};

/** Any number of a few known things. */
export function Many<V extends string>({
  label,
  placeholder,
  value,
  options,
  onChange,
}: ManyProps<V>) {
  return (
    <Field label={label}>
      {({ id }) => (
        <Select<V[]>
          id={id}
          mode="multiple"
          style={{ width: "100%" }}
          placeholder={placeholder}
          value={value}
          options={options}
          showSearch={{ optionFilterProp: "label" }}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

export function AudienceFields({
  value,
  onChange,
}: {
  value: Audience;
  onChange: (value: Audience) => void;
}) {
  const t = useWords();
  const { text } = useI18n();
  const places = usePlaces();
  return (
    <>
      <Many
        label={t.prices.tiers}
        placeholder={t.prices.anyBuyer}
        value={value.tiers}
        options={TIERS.map((one) => ({ value: one, label: t.prices.tierNames[one] }))}
        onChange={(tiers) => onChange({ ...value, tiers })}
      />
      <Many
        label={t.prices.channels}
        placeholder={t.prices.anyChannel}
        value={value.channels}
        options={CHANNELS.map((one) => ({ value: one, label: t.prices.channelNames[one] }))}
        onChange={(channels) => onChange({ ...value, channels })}
      />
      <Many
        label={t.prices.places}
        placeholder={t.prices.anyPlace}
        value={value.place_ids}
        options={(places.data?.items ?? []).map((one) => ({
          value: one.id,
          label: text(one.name),
        }))}
        onChange={(place_ids) => onChange({ ...value, place_ids })}
      />
    </>
  );
}

/** An instant as the browser's own control for date and time takes it, in the reader's zone. */
function localInput(time: string | null): string {
  if (time === null) return "";
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

type TimeFieldProps = {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string | undefined;
};

export function TimeField({ label, value, onChange, error }: TimeFieldProps) {
  return (
    <TextInput
      label={label}
      optional
      type="datetime-local"
      value={localInput(value)}
      error={error}
      onChange={(typed) => onChange(typed === "" ? null : new Date(typed).toISOString())}
    />
  );
}

type GoodsPickerProps = {
  label: string;
  placeholder: string;
  value: string[];
  onChange: (value: string[]) => void;
};

export function CategoriesPicker(props: GoodsPickerProps) {
  const { text } = useI18n();
  const categories = useQuery({ queryKey: ["categories"], queryFn: categoryList });
  const options = (categories.data?.items ?? []).map((one) => ({
    value: one.id,
    label: text(one.name),
  }));
  return <Many {...props} options={options} />;
}

/** Any number of products, found by typing. */
export function ProductsPicker({ label, placeholder, value, onChange }: GoodsPickerProps) {
  const { text } = useI18n();
  const [typed, setTyped] = useState("");
  const q = useDelayed(typed.trim());
  const found = useQuery({
    queryKey: ["products", "pick", q],
    queryFn: () => productList({ q, limit: 20 }),
  });
  const chosen = useQueries({
    queries: value.map((id) => ({
      queryKey: ["object", id],
      queryFn: () => productGet(id),
      staleTime: 60_000,
    })),
  });
  const known = new Map(
    [...chosen.flatMap((one) => (one.data ? [one.data] : [])), ...(found.data?.items ?? [])].map(
      (one) => [one.id, text(one.name)],
    ),
  );
  return (
    <Field label={label}>
      {({ id }) => (
        <Select<string[]>
          id={id}
          mode="multiple"
          style={{ width: "100%" }}
          placeholder={placeholder}
          value={value}
          loading={found.isFetching}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          options={[...known].map(([product, name]) => ({ value: product, label: name }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

/** Saying what holds for an article, a place, a supplier, or everything. */
import {
  type ReplenishmentSaid,
  type ReplenishmentSetting,
  type ReplenishmentSubject,
  replenishmentSettingPut,
  useAction,
} from "@storeloop/api";
import { Button, ProblemNotice, Select, TextInput, toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./pickers.tsx";
import { SkuName } from "./names.tsx";
import { SkuPicker } from "./sku-picker.tsx";

type Kind = ReplenishmentSubject["kind"];
const KINDS: Kind[] = ["transfers", "purchases", "place", "supplier", "sku", "sku_at"];
const NUMBERS = [
  ["service_percent", "service", 50, 99.99, "any"],
  ["lead_days", "lead", 0, 180, 1],
  ["lead_sd_days", "leadSd", 0, 60, "any"],
  ["review_days", "review", 1, 60, 1],
  ["cover_days", "cover", 0, 180, 1],
  ["pack", "pack", 1, 100_000, 1],
  ["minimum", "minimum", 1, 1_000_000, 1],
  ["display", "display", 0, 1_000_000, 1],
  ["capacity", "capacity", 1, 1_000_000, 1],
] as const;
type Key = (typeof NUMBERS)[number][0];

type Props = { setting: ReplenishmentSetting | null; onDone: () => void };

export function SettingForm({ setting, onDone }: Props) {
  const { replenishment: t } = useWords();
  const queries = useQueryClient();
  const old: ReplenishmentSaid = setting?.said ?? {};
  const about = setting?.subject;
  const [kind, setKind] = useState<Kind>(about?.kind ?? "sku");
  const [place, setPlace] = useState<string | null>(
    about && "place_id" in about ? about.place_id : null,
  );
  const [sku, setSku] = useState<string | null>(about && "sku_id" in about ? about.sku_id : null);
  const [supplier, setSupplier] = useState(about?.kind === "supplier" ? about.name : "");
  const [written, setWritten] = useState(() => writtenOf(old));
  const [measure, setMeasure] = useState<"follow" | "fill" | "cycle">(old.measure ?? "follow");
  const [source, setSource] = useState<"follow" | "nearest" | "supplier" | "place">(
    old.source?.kind ?? "follow",
  );
  const [giver, setGiver] = useState<string | null>(
    old.source?.kind === "place" ? old.source.place_id : null,
  );
  const [who, setWho] = useState(old.supplier ?? "");
  const put = useAction(replenishmentSettingPut, {
    onSuccess: () => {
      toast(t.saved);
      onDone();
      return queries.invalidateQueries({ queryKey: ["replenishment-settings"] });
    },
  });
  const subject = subjectOf(kind, place, sku, supplier.trim());
  const ofArticle = kind === "sku" || kind === "sku_at";
  const ofPlace = kind === "place" || kind === "sku_at";
  const incomplete = subject === null || (source === "place" && giver === null);
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!subject) return;
        const said: ReplenishmentSaid = {};
        for (const [key] of NUMBERS) {
          const value = written[key]?.trim();
          if (value) said[key] = Number(value);
        }
        if (measure !== "follow") said.measure = measure;
        if (source === "place" && giver) said.source = { kind: "place", place_id: giver };
        else if (source === "nearest" || source === "supplier") said.source = { kind: source };
        if (ofArticle && who.trim()) said.supplier = who.trim();
        put.mutate({ subject, said });
      }}
    >
      <Select
        label={t.subject}
        value={kind}
        onChange={setKind}
        disabled={setting !== null}
        options={KINDS.map((value) => ({ value, label: t.subjects[value] }))}
      />
      {ofArticle &&
        (sku === null ? (
          <SkuPicker label={t.article} onChoose={(chosen) => setSku(chosen.sku.id)} />
        ) : (
          <p>
            <SkuName id={sku} />
          </p>
        ))}
      {ofPlace && setting === null && (
        <PlacePicker label={t.place} value={place} onChange={setPlace} />
      )}
      {kind === "supplier" && (
        <TextInput
          label={t.supplierName}
          value={supplier}
          onChange={setSupplier}
          maxLength={80}
          required
          disabled={setting !== null}
        />
      )}
      <p className="sl-caption">{t.leaveEmpty}</p>
      <div className="replenish-fields">
        <Select
          label={t.termWords.measure}
          value={measure}
          onChange={setMeasure}
          options={[
            { value: "follow", label: t.follow },
            { value: "fill", label: t.measures.fill },
            { value: "cycle", label: t.measures.cycle },
          ]}
        />
        {NUMBERS.map(([key, word, min, max, step]) => (
          <TextInput
            key={key}
            label={key === "service_percent" ? `${t.termWords[word]} (%)` : t.termWords[word]}
            type="number"
            min={min}
            max={max}
            step={step}
            value={written[key] ?? ""}
            onChange={(value) => setWritten((before) => ({ ...before, [key]: value }))}
          />
        ))}
        {(ofArticle || ofPlace) && (
          <Select
            label={t.termWords.source}
            value={source}
            onChange={setSource}
            options={[
              { value: "follow", label: t.follow },
              { value: "nearest", label: t.sources.nearest },
              { value: "supplier", label: t.sources.supplier },
              { value: "place", label: t.sources.place },
            ]}
          />
        )}
        {source === "place" && (
          <PlacePicker label={t.sources.place} value={giver} onChange={setGiver} />
        )}
        {ofArticle && <TextInput label={t.supplier} value={who} onChange={setWho} maxLength={80} />}
      </div>
      <ProblemNotice error={put.error} />
      <Button kind="primary" type="submit" busy={put.isPending} disabled={incomplete}>
        {t.save}
      </Button>
    </form>
  );
}

/** The figures that are said, as they are written. */
function writtenOf(said: ReplenishmentSaid): Partial<Record<Key, string>> {
  const written: Partial<Record<Key, string>> = {};
  for (const [key] of NUMBERS) {
    const value = said[key];
    if (typeof value === "number") written[key] = String(value);
  }
  return written;
}

function subjectOf(
  kind: Kind,
  place_id: string | null,
  sku_id: string | null,
  name: string,
): ReplenishmentSubject | null {
  switch (kind) {
    case "transfers":
    case "purchases":
      return { kind };
    case "place":
      return place_id ? { kind, place_id } : null;
    case "supplier":
      return name ? { kind, name } : null;
    case "sku":
      return sku_id ? { kind, sku_id } : null;
    case "sku_at":
      return sku_id && place_id ? { kind, sku_id, place_id } : null;
  }
}

/** What an order nobody placed would do, by the rules on the page. */
import { type SourcingRules, sourcingTry, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Dialog,
  Notice,
  ProblemNotice,
  RadioGroup,
  TextInput,
} from "@storeloop/ui";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./pickers.tsx";
import { type SkuLine, SkuLines } from "./sku-lines.tsx";
import { SourcingWhyPanel } from "./sourcing-why.tsx";

export function TryCard({ rules }: { rules: SourcingRules | null }) {
  const { sourcing: t } = useWords();
  const { text, number } = useI18n();
  const [lines, setLines] = useState<SkuLine[]>([]);
  const [method, setMethod] = useState<"delivery" | "collect">("delivery");
  const [province, setProvince] = useState("");
  const [city, setCity] = useState("");
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const attempt = useAction(sourcingTry, { onSuccess: () => setOpen(true) });
  const ready =
    rules !== null &&
    lines.length > 0 &&
    (method === "collect" ? placeId !== null : province.trim() !== "" && city.trim() !== "");
  const found = attempt.data;
  return (
    <Card title={t.tryTitle}>
      <form
        className="sl-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          attempt.mutate({
            rules,
            method,
            lines: lines.map((line) => ({ sku_id: line.sku.id, quantity: line.quantity })),
            ...(method === "collect" ? { place_id: placeId } : { province, city }),
          });
        }}
      >
        <p className="sl-muted">{t.tryText}</p>
        <SkuLines lines={lines} onChange={setLines} withQuantity />
        <RadioGroup
          label={t.method}
          look="chips"
          value={method}
          onChange={setMethod}
          options={[
            { value: "delivery", label: t.delivery },
            { value: "collect", label: t.collect },
          ]}
        />
        {method === "collect" ? (
          <PlacePicker label={t.chosen} value={placeId} onChange={setPlaceId} />
        ) : (
          <div className="sourcing-grid">
            <TextInput label={t.province} value={province} onChange={setProvince} maxLength={100} />
            <TextInput label={t.city} value={city} onChange={setCity} maxLength={100} />
          </div>
        )}
        <ProblemNotice error={attempt.error} />
        <Button type="submit" busy={attempt.isPending} disabled={!ready}>
          {t.try}
        </Button>
      </form>
      {found && rules && (
        <Dialog title={t.whyTitle} open={open} onClose={() => setOpen(false)}>
          <div className="sl-stack sourcing-wide">
            {found.places.length === 0 && <Notice tone="warning">{t.nobodyServes}</Notice>}
            {found.places.map((place) => (
              <p key={place.place_id}>
                <strong>{text(place.name)}</strong> ·{" "}
                {t.pieces(number(place.lines.reduce((sum, line) => sum + line.quantity, 0)))}
                {place.promised_at && (
                  <>
                    {" "}
                    · {t.arrives} <DateTime value={place.promised_at} as="day" />
                  </>
                )}
              </p>
            ))}
            <SourcingWhyPanel why={found.why} currency={rules.currency} />
          </div>
        </Dialog>
      )}
    </Card>
  );
}

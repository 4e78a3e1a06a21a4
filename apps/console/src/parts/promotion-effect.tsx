/** What a promotion does: the fields of each kind of effect. */
import { skuList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, IconButton, Select, Stack, TextInput } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useWords } from "../words/index.ts";
import { EFFECTS, type PartForm, type PromotionForm } from "./promotion-form.ts";
import { SkuPicker } from "./sku-picker.tsx";

type EffectProps = { form: PromotionForm; onChange: (change: Partial<PromotionForm>) => void };

export function EffectFields({ form, onChange }: EffectProps) {
  const t = useWords();
  const percent = (label: string, hint: string) => (
    <TextInput
      label={label}
      hint={hint}
      inputMode="decimal"
      value={form.percent}
      onChange={(value) => onChange({ percent: value })}
      required
    />
  );
  const amount = (label: string) => (
    <TextInput
      label={`${label} (${form.currency})`}
      inputMode="decimal"
      value={form.amount}
      onChange={(value) => onChange({ amount: value })}
      required
    />
  );
  return (
    <>
      <Select
        label={t.prices.effect}
        value={form.kind}
        options={EFFECTS.map((value) => ({ value, label: t.prices.effects[value] }))}
        onChange={(kind) => onChange({ kind })}
      />
      {form.kind === "percent_off" && percent(t.prices.percent, t.prices.percentHint)}
      {form.kind === "amount_off" && amount(t.prices.amount)}
      {form.kind === "fixed_price" && amount(t.prices.perPiece)}
      {form.kind === "buy_get" && (
        <>
          <div className="console-pair">
            <TextInput
              label={t.prices.buy}
              type="number"
              min={1}
              max={99}
              value={form.buy}
              onChange={(buy) => onChange({ buy })}
              required
            />
            <TextInput
              label={t.prices.get}
              type="number"
              min={1}
              max={99}
              value={form.get}
              onChange={(get) => onChange({ get })}
              required
            />
          </div>
          {percent(t.prices.getPercent, t.prices.getPercentHint)}
        </>
      )}
      {form.kind === "spend_steps" && <StepFields form={form} onChange={onChange} />}
      {form.kind === "bundle" && (
        <>
          <PartFields form={form} onChange={onChange} />
          {amount(t.prices.bundlePrice)}
        </>
      )}
    </>
  );
}

function StepFields({ form, onChange }: EffectProps) {
  const t = useWords();
  const { steps } = form;
  const set = (at: number, change: Partial<(typeof steps)[number]>) =>
    onChange({ steps: steps.map((step, index) => (index === at ? { ...step, ...change } : step)) });
  return (
    <Stack gap={2}>
      {steps.map((step, index) => (
        <div className="console-pair" key={index}>
          <TextInput
            label={`${t.prices.stepFrom(index + 1)} (${form.currency})`}
            inputMode="decimal"
            value={step.from}
            onChange={(from) => set(index, { from })}
            required
          />
          <TextInput
            label={t.prices.stepOff(index + 1)}
            inputMode="decimal"
            value={step.off}
            onChange={(off) => set(index, { off })}
            required
          />
          {steps.length > 1 && (
            <IconButton
              icon="trash"
              label={t.prices.dropStep(index + 1)}
              onClick={() => onChange({ steps: steps.filter((_, at) => at !== index) })}
            />
          )}
        </div>
      ))}
      {steps.length < 10 && (
        <Button
          size="small"
          icon="plus"
          onClick={() => onChange({ steps: [...steps, { from: "", off: "" }] })}
        >
          {t.prices.addStep}
        </Button>
      )}
    </Stack>
  );
}

function PartFields({ form, onChange }: EffectProps) {
  const t = useWords();
  const name = useSkuNames(form.parts);
  return (
    <Stack gap={2}>
      <ul className="console-sample" aria-label={t.prices.parts}>
        {form.parts.map((part) => (
          <li className="console-sample__head" key={part.sku_id}>
            <span className="sl-grow">{name(part)}</span>
            <input
              className="console-cell"
              type="number"
              min={1}
              max={99}
              aria-label={t.prices.quantityOf(name(part))}
              value={part.quantity}
              onChange={(event) =>
                onChange({
                  parts: form.parts.map((one) =>
                    one.sku_id === part.sku_id ? { ...one, quantity: event.target.value } : one,
                  ),
                })
              }
            />
            <IconButton
              icon="trash"
              label={t.prices.deleteRow(name(part))}
              onClick={() =>
                onChange({ parts: form.parts.filter((one) => one.sku_id !== part.sku_id) })
              }
            />
          </li>
        ))}
      </ul>
      {form.parts.length < 10 && (
        <SkuPicker
          label={t.prices.parts}
          onChoose={({ sku, name: chosen }) => {
            if (form.parts.some((one) => one.sku_id === sku.id)) return;
            const part = { sku_id: sku.id, name: chosen, quantity: "1" };
            onChange({ parts: [...form.parts, part] });
          }}
        />
      )}
    </Stack>
  );
}

/** The names of parts that were saved before. */
function useSkuNames(parts: PartForm[]): (part: PartForm) => string {
  const { text } = useI18n();
  const ids = parts.map((part) => part.sku_id).join(",");
  const skus = useQuery({
    queryKey: ["skus", ids],
    queryFn: () => skuList({ ids }),
    enabled: ids !== "",
    staleTime: 60_000,
  });
  return (part) => {
    const found = skus.data?.items.find((one) => one.id === part.sku_id);
    if (!found) return part.name;
    return [text(found.product.name), text(found.option)].filter(Boolean).join(" ");
  };
}

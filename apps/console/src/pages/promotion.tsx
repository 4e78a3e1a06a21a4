import {
  isProblem,
  type ProblemError,
  type Promotion,
  promotionChange,
  promotionCreate,
  promotionGet,
  promotionRemove,
  type PromotionIn,
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
  Stack,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import {
  AudienceFields,
  CategoriesPicker,
  ProductsPicker,
  StandingTag,
  TimeField,
} from "../parts/price-fields.tsx";
import { PricePreviewCard } from "../parts/price-preview.tsx";
import { EffectFields } from "../parts/promotion-effect.tsx";
import { BLANK, formOf, type PromotionForm, promotionOf } from "../parts/promotion-form.ts";
import "../prices.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function PromotionPage({ id }: { id: string }) {
  const isNew = id === "new";
  const promotion = useQuery({
    queryKey: ["object", id],
    queryFn: () => promotionGet(id),
    enabled: !isNew,
  });
  if (isNew) return <Body promotion={null} />;
  return (
    <QueryView query={promotion}>
      {(data) => <Body key={data.version} promotion={data} />}
    </QueryView>
  );
}

function Body({ promotion }: { promotion: Promotion | null }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useSession();
  const [form, setForm] = useState(promotion ? formOf(promotion) : BLANK);
  const [removing, setRemoving] = useState(false);
  const made = promotionOf(form);
  return (
    <>
      <PageHeader
        back="/promotions"
        title={promotion ? text(promotion.name) : t.prices.addPromotion}
        end={
          promotion && (
            <Row>
              <StandingTag standing={promotion.standing} />
              {may("price.manage") && (
                <Button size="small" kind="danger" icon="trash" onClick={() => setRemoving(true)}>
                  {t.prices.remove}
                </Button>
              )}
            </Row>
          )
        }
      />
      <div className="console-try">
        <Editor promotion={promotion} form={form} made={made} onChange={setForm} />
        <PricePreviewCard promotion={made} id={promotion?.id ?? null} />
      </div>
      {promotion && (
        <Dialog title={t.prices.removeTitle} open={removing} onClose={() => setRemoving(false)}>
          <RemoveForm promotion={promotion} />
        </Dialog>
      )}
    </>
  );
}

function RemoveForm({ promotion }: { promotion: Promotion }) {
  const t = useWords();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const remove = useAction(
    (_: null, intent) => promotionRemove(promotion.id, { ...intent, ifMatch: promotion.version }),
    {
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: ["promotions"] });
        toast(t.prices.removed);
        go("/promotions");
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

type EditorProps = {
  promotion: Promotion | null;
  form: PromotionForm;
  /** What the form makes; null while something is missing. */
  made: PromotionIn | null;
  onChange: (form: PromotionForm) => void;
};

function Editor({ promotion, form, made, onChange }: EditorProps) {
  const t = useWords();
  const { may } = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const save = useAction(
    (body: PromotionIn, intent) =>
      promotion
        ? promotionChange(promotion.id, body, { ...intent, ifMatch: promotion.version })
        : promotionCreate(body, intent),
    {
      onSuccess: (saved) => {
        queries.setQueryData(["object", saved.id], saved);
        void queries.invalidateQueries({ queryKey: ["promotions"] });
        toast(t.prices.saved);
        if (!promotion) go(`/promotions/${saved.id}`, { replace: true });
      },
    },
  );
  const problem = isProblem(save.error) ? save.error : null;
  const set = (change: Partial<PromotionForm>) => onChange({ ...form, ...change });
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (made) save.mutate(made);
      }}
    >
      <Card title={t.prices.details}>
        <Stack>
          <TextInput
            label={t.prices.code}
            hint={t.prices.codeHint}
            value={form.code}
            error={problem?.field("code")}
            onChange={(code) => set({ code })}
            required
            maxLength={64}
          />
          <div className="console-pair">
            <TextInput
              label={t.prices.nameZh}
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
          </div>
          <EffectFields form={form} onChange={set} />
        </Stack>
      </Card>
      <Card title={t.prices.typedCode}>
        <CodeFields promotion={promotion} form={form} problem={problem} onChange={set} />
      </Card>
      {form.kind !== "bundle" && (
        <Card title={t.prices.goods}>
          <Stack>
            <CategoriesPicker
              label={t.prices.categories}
              placeholder={t.prices.allGoods}
              value={form.goods.category_ids}
              onChange={(category_ids) => set({ goods: { ...form.goods, category_ids } })}
            />
            <ProductsPicker
              label={t.prices.products}
              placeholder={t.prices.allGoods}
              value={form.goods.product_ids}
              onChange={(product_ids) => set({ goods: { ...form.goods, product_ids } })}
            />
            <ProductsPicker
              label={t.prices.except}
              placeholder="—"
              value={form.goods.except_product_ids}
              onChange={(except_product_ids) =>
                set({ goods: { ...form.goods, except_product_ids } })
              }
            />
          </Stack>
        </Card>
      )}
      <Card title={t.prices.conditions}>
        <Stack>
          <div className="console-pair">
            <TextInput
              label={t.prices.minQuantity}
              type="number"
              min={0}
              max={9999}
              optional
              value={form.minQuantity}
              onChange={(minQuantity) => set({ minQuantity })}
            />
            <TextInput
              label={`${t.prices.minAmount} (${form.currency})`}
              inputMode="decimal"
              optional
              value={form.minAmount}
              onChange={(minAmount) => set({ minAmount })}
            />
          </div>
          <AudienceFields value={form.audience} onChange={(audience) => set({ audience })} />
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
        </Stack>
      </Card>
      <Card title={t.prices.order}>
        <Stack>
          <div className="console-pair">
            <TextInput
              label={t.prices.priority}
              hint={t.prices.priorityHint}
              type="number"
              min={0}
              max={1000}
              value={form.priority}
              onChange={(priority) => set({ priority })}
              required
            />
            <TextInput
              label={t.prices.group}
              hint={t.prices.groupHint}
              optional
              value={form.group ?? ""}
              onChange={(group) => set({ group })}
              maxLength={64}
            />
          </div>
          <Checkbox
            asSwitch
            label={t.prices.stackable}
            hint={t.prices.stackableHint}
            checked={form.stackable ?? true}
            onChange={(stackable) => set({ stackable })}
          />
          <Checkbox
            asSwitch
            label={t.prices.active}
            hint={t.prices.activeHint}
            checked={form.active ?? true}
            onChange={(active) => set({ active })}
          />
        </Stack>
      </Card>
      <ProblemNotice error={save.error} />
      {may("price.manage") && (
        <Button
          className="console-save"
          kind="primary"
          type="submit"
          busy={save.isPending}
          disabled={made === null}
        >
          {t.prices.save}
        </Button>
      )}
    </form>
  );
}

type CodeFieldsProps = {
  promotion: Promotion | null;
  form: PromotionForm;
  problem: ProblemError | null;
  onChange: (change: Partial<PromotionForm>) => void;
};

/** The code buyers type, how often it may be used, and how often it is. */
function CodeFields({ promotion, form, problem, onChange }: CodeFieldsProps) {
  const t = useWords();
  const { number } = useI18n();
  return (
    <Stack>
      <Checkbox
        label={t.prices.asksForCode}
        hint={t.prices.asksForCodeHint}
        checked={form.asksForCode}
        onChange={(asksForCode) => onChange({ asksForCode })}
      />
      {form.asksForCode && (
        <>
          <TextInput
            label={t.prices.typedCode}
            hint={t.prices.typedCodeHint}
            value={form.typedCode}
            error={problem?.field("typed_code.code")}
            onChange={(typedCode) => onChange({ typedCode: typedCode.toUpperCase() })}
            required
            maxLength={32}
          />
          <div className="console-pair">
            <TextInput
              label={t.prices.maxUses}
              hint={t.prices.noLimit}
              type="number"
              min={1}
              optional
              value={form.maxUses}
              error={problem?.field("typed_code.max_uses")}
              onChange={(maxUses) => onChange({ maxUses })}
            />
            <TextInput
              label={t.prices.maxUsesPerMember}
              hint={t.prices.membersOnly}
              type="number"
              min={1}
              optional
              value={form.maxUsesPerMember}
              error={problem?.field("typed_code.max_uses_per_member")}
              onChange={(maxUsesPerMember) => onChange({ maxUsesPerMember })}
            />
          </div>
          {promotion?.typed_code && (
            <p className="sl-caption">{t.prices.codeUses(number(promotion.code_uses))}</p>
          )}
        </>
      )}
    </Stack>
  );
}

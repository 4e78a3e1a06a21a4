/** What is typed about a promotion, and the promotion it makes. */
import type { Promotion, PromotionEffect, PromotionGoods, PromotionIn } from "@storeloop/api";
import { fromBasisPoints, fromMinor, toBasisPoints, toMinor } from "@storeloop/i18n";

export const EFFECTS = [
  "percent_off",
  "amount_off",
  "fixed_price",
  "buy_get",
  "spend_steps",
  "bundle",
  "free_shipping",
] as const satisfies PromotionEffect["kind"][];

export type PartForm = { sku_id: string; name: string; quantity: string };

/** Every effect keeps what was typed for it while another is looked at. */
export type PromotionForm = Omit<
  PromotionIn,
  | "effect"
  | "min_quantity"
  | "min_amount_minor"
  | "priority"
  | "currency"
  | "audience"
  | "goods"
  | "typed_code"
> & {
  audience: Promotion["audience"];
  goods: PromotionGoods;
  currency: string;
  kind: PromotionEffect["kind"];
  percent: string;
  amount: string;
  buy: string;
  get: string;
  steps: { from: string; off: string }[];
  parts: PartForm[];
  minQuantity: string;
  minAmount: string;
  priority: string;
  /** Whether a code must be typed; what was entered about it stays while it need not. */
  asksForCode: boolean;
  typedCode: string;
  maxUses: string;
  maxUsesPerMember: string;
};

export const BLANK: PromotionForm = {
  code: "",
  name: { zh: "", en: "" },
  audience: { channels: [], place_ids: [], tiers: [] },
  goods: { category_ids: [], product_ids: [], except_product_ids: [] },
  currency: "CNY",
  kind: "percent_off",
  percent: "10",
  amount: "",
  buy: "2",
  get: "1",
  steps: [{ from: "", off: "" }],
  parts: [],
  minQuantity: "",
  minAmount: "",
  priority: "0",
  asksForCode: false,
  typedCode: "",
  maxUses: "",
  maxUsesPerMember: "",
  group: null,
  stackable: true,
  valid_from: null,
  valid_until: null,
  active: true,
};

export function formOf(promotion: Promotion): PromotionForm {
  const currency = promotion.currency ?? "CNY";
  const { effect } = promotion;
  const amount = (minor: number) => fromMinor(minor, currency);
  return {
    ...BLANK,
    code: promotion.code,
    name: promotion.name,
    audience: promotion.audience,
    goods: promotion.goods,
    currency,
    kind: effect.kind,
    ...("basis_points" in effect ? { percent: fromBasisPoints(effect.basis_points) } : {}),
    ...("amount_minor" in effect ? { amount: amount(effect.amount_minor) } : {}),
    ...(effect.kind === "buy_get" ? { buy: String(effect.buy), get: String(effect.get) } : {}),
    ...(effect.kind === "spend_steps"
      ? {
          steps: effect.steps.map((step) => ({
            from: amount(step.from_minor),
            off: amount(step.off_minor),
          })),
        }
      : {}),
    ...(effect.kind === "bundle"
      ? {
          parts: effect.parts.map((part) => ({
            sku_id: part.sku_id,
            name: "",
            quantity: String(part.quantity),
          })),
        }
      : {}),
    minQuantity: promotion.min_quantity === 0 ? "" : String(promotion.min_quantity),
    minAmount: promotion.min_amount_minor === 0 ? "" : amount(promotion.min_amount_minor),
    priority: String(promotion.priority),
    asksForCode: (promotion.typed_code ?? null) !== null,
    typedCode: promotion.typed_code?.code ?? "",
    maxUses: String(promotion.typed_code?.max_uses ?? ""),
    maxUsesPerMember: String(promotion.typed_code?.max_uses_per_member ?? ""),
    group: promotion.group,
    stackable: promotion.stackable,
    valid_from: promotion.valid_from,
    valid_until: promotion.valid_until,
    active: promotion.active,
  };
}

const whole = (typed: string) => (/^\d{1,6}$/.test(typed.trim()) ? Number(typed) : null);

/** What is typed for the effect; null while something of it is missing. */
function effectOf(form: PromotionForm): PromotionEffect | null {
  const amount_minor = toMinor(form.amount, form.currency);
  const basis_points = toBasisPoints(form.percent);
  switch (form.kind) {
    case "percent_off":
      return basis_points ? { kind: form.kind, basis_points } : null;
    case "amount_off":
    case "fixed_price":
      return amount_minor === null ? null : { kind: form.kind, amount_minor };
    case "buy_get": {
      const [buy, get] = [whole(form.buy), whole(form.get)];
      return buy && get && basis_points ? { kind: form.kind, buy, get, basis_points } : null;
    }
    case "spend_steps": {
      const steps = form.steps.flatMap(({ from, off }) => {
        const [from_minor, off_minor] = [toMinor(from, form.currency), toMinor(off, form.currency)];
        return from_minor && off_minor ? [{ from_minor, off_minor }] : [];
      });
      const isWhole = steps.length === form.steps.length && steps.length > 0;
      return isWhole ? { kind: form.kind, steps } : null;
    }
    case "bundle": {
      const parts = form.parts.flatMap(({ sku_id, quantity }) => {
        const count = whole(quantity);
        return count ? [{ sku_id, quantity: count }] : [];
      });
      const isWhole = parts.length === form.parts.length && parts.length > 0;
      return isWhole && amount_minor !== null ? { kind: form.kind, parts, amount_minor } : null;
    }
    case "free_shipping":
      return { kind: form.kind };
  }
}

/** How often: whole, above zero, up to the server's limit; null is as often as wanted. */
function uses(typed: string): number | null | undefined {
  if (typed.trim() === "") return null;
  const count = /^\d{1,10}$/.test(typed.trim()) ? Number(typed) : 0;
  return count > 0 ? count : undefined;
}

/** What a buyer must type; undefined while something of it is missing. */
function typedCodeOf(form: PromotionForm): PromotionIn["typed_code"] {
  if (!form.asksForCode) return null;
  const [max_uses, max_uses_per_member] = [uses(form.maxUses), uses(form.maxUsesPerMember)];
  const code = form.typedCode.trim();
  if (code === "" || max_uses === undefined || max_uses_per_member === undefined) return undefined;
  return { code, max_uses, max_uses_per_member };
}

const NO_GOODS: PromotionGoods = { category_ids: [], product_ids: [], except_product_ids: [] };

/** The promotion a form makes; null while something is missing. */
export function promotionOf(form: PromotionForm): PromotionIn | null {
  const effect = effectOf(form);
  const min_quantity = form.minQuantity === "" ? 0 : whole(form.minQuantity);
  const min_amount_minor = form.minAmount === "" ? 0 : toMinor(form.minAmount, form.currency);
  const priority = whole(form.priority);
  const typed_code = typedCodeOf(form);
  if (
    effect === null ||
    min_quantity === null ||
    min_amount_minor === null ||
    priority === null ||
    typed_code === undefined
  ) {
    return null;
  }
  const isOfAnyCurrency =
    min_amount_minor === 0 && ["percent_off", "buy_get", "free_shipping"].includes(effect.kind);
  return {
    code: form.code,
    name: form.name,
    audience: form.audience,
    // A set names its goods by its parts.
    goods: effect.kind === "bundle" ? NO_GOODS : form.goods,
    min_quantity,
    min_amount_minor,
    effect,
    currency: isOfAnyCurrency ? null : form.currency,
    priority,
    group: form.group?.trim() ? form.group.trim() : null,
    stackable: form.stackable ?? true,
    typed_code,
    valid_from: form.valid_from ?? null,
    valid_until: form.valid_until ?? null,
    active: form.active ?? true,
  };
}

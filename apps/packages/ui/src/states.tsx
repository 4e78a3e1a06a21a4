import type {
  FulfilmentState,
  IssuePriority,
  IssueState,
  OrderState,
  PaymentState,
  Tier,
} from "@storeloop/api";
import { Badge, Tag, type Tone } from "./feedback.tsx";
import type { IconName } from "./icons.tsx";
import { useStateWords } from "./state-words.ts";

type Look = [Tone, IconName];

const ORDER: Record<OrderState, Look> = {
  pending_payment: ["warning", "clock"],
  paid: ["info", "check"],
  allocated: ["info", "box"],
  ready: ["accent", "bag"],
  shipped: ["info", "truck"],
  collected: ["success", "check"],
  delivered: ["success", "check"],
  closed: ["neutral", "check"],
  cancelled: ["neutral", "cross"],
  expired: ["neutral", "clock"],
  needs_decision: ["danger", "alert"],
  returned: ["neutral", "return"],
  partly_returned: ["neutral", "return"],
};

const FULFILMENT: Record<FulfilmentState, Look> = {
  requested: ["warning", "bell"],
  picking: ["info", "box"],
  ready: ["accent", "bag"],
  handed_over: ["success", "check"],
  shipped: ["info", "truck"],
  delivered: ["success", "check"],
  rejected: ["danger", "cross"],
  cancelled: ["neutral", "cross"],
};

const PAYMENT: Record<PaymentState, Look> = {
  pending: ["warning", "clock"],
  authorised: ["info", "lock"],
  captured: ["success", "check"],
  declined: ["danger", "cross"],
  voided: ["neutral", "undo"],
  refunded: ["neutral", "return"],
  partly_refunded: ["neutral", "return"],
};

const ISSUE: Record<IssueState, Look> = {
  open: ["warning", "alert"],
  cause_found: ["info", "search"],
  acting: ["info", "edit"],
  proving: ["accent", "refresh"],
  closed: ["success", "check"],
};

const PRIORITY: Record<IssuePriority, Look> = {
  low: ["neutral", "down"],
  normal: ["neutral", "minus"],
  high: ["warning", "up"],
  urgent: ["danger", "alert"],
};

const TIER: Record<Tier, Tone> = {
  member: "neutral",
  silver: "info",
  gold: "warning",
  platinum: "accent",
};

export function OrderStateTag({ state }: { state: OrderState }) {
  const [tone, icon] = ORDER[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useStateWords().order[state]}
    </Tag>
  );
}

export function FulfilmentStateTag({ state }: { state: FulfilmentState }) {
  const [tone, icon] = FULFILMENT[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useStateWords().fulfilment[state]}
    </Tag>
  );
}

export function PaymentStateTag({ state }: { state: PaymentState }) {
  const [tone, icon] = PAYMENT[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useStateWords().payment[state]}
    </Tag>
  );
}

export function IssueStateTag({ state }: { state: IssueState }) {
  const [tone, icon] = ISSUE[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useStateWords().issue[state]}
    </Tag>
  );
}

export function PriorityTag({ priority }: { priority: IssuePriority }) {
  const [tone, icon] = PRIORITY[priority];
  return (
    <Tag tone={tone} icon={icon}>
      {useStateWords().priority[priority]}
    </Tag>
  );
}

export function TierBadge({ tier }: { tier: Tier }) {
  return <Badge tone={TIER[tier]}>{useStateWords().tier[tier]}</Badge>;
}

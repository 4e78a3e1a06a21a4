import type {
  FulfilmentState,
  IssuePriority,
  IssueState,
  OrderState,
  PaymentState,
  Tier,
} from "@storeloop/api";
import { defineMessages } from "@storeloop/i18n";
import { Badge, Tag, type Tone } from "./feedback.tsx";
import type { IconName } from "./icons.tsx";

const zh = {
  order: {
    pending_payment: "待付款",
    paid: "已付款",
    allocated: "备货中",
    ready: "可取货",
    shipped: "已发货",
    collected: "已取货",
    delivered: "已送达",
    closed: "已完成",
    cancelled: "已取消",
    expired: "已过期",
    needs_decision: "待处理",
    returned: "已退货",
    partly_returned: "部分退货",
  } satisfies Record<OrderState, string>,
  fulfilment: {
    requested: "待拣货",
    picking: "拣货中",
    ready: "待取货",
    handed_over: "已交付",
    shipped: "已发货",
    delivered: "已送达",
    rejected: "已拒单",
    cancelled: "已取消",
  } satisfies Record<FulfilmentState, string>,
  payment: {
    pending: "待付款",
    authorised: "已授权",
    captured: "已付款",
    declined: "未成功",
    voided: "已撤销",
    refunded: "已退款",
    partly_refunded: "部分退款",
  } satisfies Record<PaymentState, string>,
  issue: {
    open: "待查因",
    cause_found: "原因已明",
    acting: "改进中",
    proving: "验证中",
    closed: "已关闭",
  } satisfies Record<IssueState, string>,
  priority: { low: "低", normal: "普通", high: "高", urgent: "紧急" } satisfies Record<
    IssuePriority,
    string
  >,
  tier: { member: "会员", silver: "银卡", gold: "金卡", platinum: "白金" } satisfies Record<
    Tier,
    string
  >,
};

const en: typeof zh = {
  order: {
    pending_payment: "Awaiting payment",
    paid: "Paid",
    allocated: "Being prepared",
    ready: "Ready to collect",
    shipped: "On its way",
    collected: "Collected",
    delivered: "Delivered",
    closed: "Completed",
    cancelled: "Cancelled",
    expired: "Expired",
    needs_decision: "Needs a decision",
    returned: "Returned",
    partly_returned: "Partly returned",
  },
  fulfilment: {
    requested: "To pick",
    picking: "Being picked",
    ready: "Ready",
    handed_over: "Handed over",
    shipped: "On its way",
    delivered: "Delivered",
    rejected: "Rejected",
    cancelled: "Cancelled",
  },
  payment: {
    pending: "Pending",
    authorised: "Authorised",
    captured: "Paid",
    declined: "Declined",
    voided: "Voided",
    refunded: "Refunded",
    partly_refunded: "Partly refunded",
  },
  issue: {
    open: "Open",
    cause_found: "Cause found",
    acting: "Being fixed",
    proving: "Being proven",
    closed: "Closed",
  },
  priority: { low: "Low", normal: "Normal", high: "High", urgent: "Urgent" },
  tier: { member: "Member", silver: "Silver", gold: "Gold", platinum: "Platinum" },
};

/** The words of every state machine, for tags, filters and charts alike. */
export const useStateWords = defineMessages({ zh, en });

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

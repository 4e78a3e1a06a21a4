/** The words of every state machine and of what the server names by a code. */
import type {
  Channel,
  FulfilmentState,
  IssuePriority,
  IssueState,
  Message,
  MovementKind,
  OrderState,
  PaymentState,
  Role,
  Tier,
} from "@storeloop/api";
import { defineMessages } from "@storeloop/i18n";

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
  channel: {
    web: "网店",
    app: "App",
    mini_program: "小程序",
    store: "门店",
    pos: "收银台",
    marketplace: "平台店",
  } satisfies Record<Channel, string>,
  movement: {
    receipt: "收货",
    sale: "售出",
    return: "退货入库",
    transfer_out: "调出",
    in_transit: "在途",
    transfer_in: "调入",
    count: "盘点",
    damage: "报损",
    adjustment: "调整",
    quarantine: "隔离待检",
    release: "解除隔离",
  } satisfies Record<MovementKind, string>,
  role: {
    admin: "管理员",
    head_office: "总部",
    area_manager: "区域经理",
    store_manager: "店长",
    associate: "店员",
    service_agent: "客服",
    marketer: "营销",
    experience_manager: "体验经理",
    data: "数据",
    auditor: "审计",
  } satisfies Record<Role, string>,
  topic: {
    packaging: "包装",
    delivery: "配送",
    staff: "服务人员",
    shade: "色号",
    price: "价格",
    wait: "等候",
    quality: "质量",
    irritation: "皮肤不适",
    stock: "有没有货",
    website: "网上商城",
  },
  messageChannel: { sms: "短信", email: "邮件", push: "推送", inbox: "站内信" } satisfies Record<
    Message["channel"],
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
  channel: {
    web: "Web shop",
    app: "App",
    mini_program: "Mini-program",
    store: "Store",
    pos: "Till",
    marketplace: "Marketplace",
  },
  movement: {
    receipt: "Receipt",
    sale: "Sale",
    return: "Return",
    transfer_out: "Transfer out",
    in_transit: "In transit",
    transfer_in: "Transfer in",
    count: "Count",
    damage: "Damage",
    adjustment: "Adjustment",
    quarantine: "Quarantine",
    release: "Release from quarantine",
  },
  role: {
    admin: "Administrator",
    head_office: "Head office",
    area_manager: "Area manager",
    store_manager: "Store manager",
    associate: "Associate",
    service_agent: "Service agent",
    marketer: "Marketer",
    experience_manager: "Experience manager",
    data: "Data",
    auditor: "Auditor",
  },
  topic: {
    packaging: "Packaging",
    delivery: "Delivery",
    staff: "Staff",
    shade: "Shade",
    price: "Price",
    wait: "Waiting",
    quality: "Quality",
    irritation: "Irritation",
    stock: "Availability",
    website: "Website and app",
  },
  messageChannel: { sms: "SMS", email: "E-mail", push: "Push", inbox: "Inbox" },
};

/** The words of every state machine, for tags, filters and charts alike. */
export const useStateWords = defineMessages({ zh, en });

/** What a voice can be about, as the server knows it. */
export type Topic = keyof typeof zh.topic;

/** The word for a topic; a topic this version does not know yet keeps its code. */
export function useTopicWord(): (code: string) => string {
  const words: Record<string, string> = useStateWords().topic;
  return (code) => words[code] ?? code;
}

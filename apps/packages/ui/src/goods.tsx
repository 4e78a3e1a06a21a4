/** Counts and transfers: the words of their states and the tags that show them. */
import type {
  CountReason,
  CountScope,
  CountState,
  ShortReason,
  TransferOutcome,
  TransferState,
  TransferStepKind,
} from "@storeloop/api";
import { defineMessages } from "@storeloop/i18n";
import { Tag, type Tone } from "./feedback.tsx";
import type { IconName } from "./icons.tsx";

const zh = {
  count: {
    open: "盘点中",
    review: "待批准",
    posted: "已入账",
    cancelled: "已取消",
  } satisfies Record<CountState, string>,
  scope: {
    skus: "指定商品",
    category: "按分类",
    place: "全店",
  } satisfies Record<CountScope, string>,
  countReason: {
    lost: "丢失",
    damaged: "损坏",
    misplaced: "放错位置",
    unrecorded: "漏记账",
    miscounted: "上次盘错",
    other: "其他",
  } satisfies Record<CountReason, string>,
  transfer: {
    requested: "待批准",
    approved: "待拣货",
    picked: "待发出",
    shipped: "运输中",
    short: "有短少",
    received: "已签收",
    returning: "退回途中",
    return_short: "退回有短少",
    returned: "已退回",
    written_off: "已报损",
    cancelled: "已取消",
  } satisfies Record<TransferState, string>,
  step: {
    requested: "提出申请",
    approved: "批准，已占用库存",
    picked: "拣货装箱",
    shipped: "发出",
    received: "签收",
    settled: "处理短少",
    turned_back: "途中退回",
    written_off: "途中报损",
    cancelled: "取消",
  } satisfies Record<TransferStepKind, string>,
  shortReason: {
    not_packed: "箱内没有",
    lost_on_the_way: "途中丢失",
    another_parcel: "在另一个包裹里",
    unknown: "原因不明",
  } satisfies Record<ShortReason, string>,
  outcome: {
    found: "后来收到，完好",
    damaged: "后来收到，已损坏",
    lost: "确认丢失",
    never_left: "没有发出，仍在发货方",
  } satisfies Record<TransferOutcome, string>,
};

const en: typeof zh = {
  count: { open: "Counting", review: "To approve", posted: "Posted", cancelled: "Cancelled" },
  scope: { skus: "Chosen items", category: "A category", place: "Whole place" },
  countReason: {
    lost: "Lost",
    damaged: "Damaged",
    misplaced: "Misplaced",
    unrecorded: "Not recorded",
    miscounted: "Last count was wrong",
    other: "Other",
  },
  transfer: {
    requested: "To approve",
    approved: "To pack",
    picked: "To send",
    shipped: "On its way",
    short: "Pieces missing",
    received: "Received",
    returning: "Coming back",
    return_short: "Back, pieces missing",
    returned: "Returned",
    written_off: "Written off",
    cancelled: "Cancelled",
  },
  step: {
    requested: "Asked for",
    approved: "Approved, stock kept",
    picked: "Packed",
    shipped: "Sent",
    received: "Received",
    settled: "Missing pieces accounted for",
    turned_back: "Sent back from the road",
    written_off: "Written off on the road",
    cancelled: "Cancelled",
  },
  shortReason: {
    not_packed: "Not in the parcel",
    lost_on_the_way: "Lost on the way",
    another_parcel: "In another parcel",
    unknown: "Nobody knows",
  },
  outcome: {
    found: "Arrived later, good",
    damaged: "Arrived later, damaged",
    lost: "Lost for good",
    never_left: "Never left; the sender has it",
  },
};

/** The words of counts and transfers. */
export const useGoodsWords = defineMessages({ zh, en });

type Look = [Tone, IconName];

const COUNT: Record<CountState, Look> = {
  open: ["info", "scan"],
  review: ["warning", "clock"],
  posted: ["success", "check"],
  cancelled: ["neutral", "cross"],
};

const TRANSFER: Record<TransferState, Look> = {
  requested: ["warning", "bell"],
  approved: ["info", "box"],
  picked: ["accent", "box"],
  shipped: ["info", "truck"],
  short: ["danger", "alert"],
  received: ["success", "check"],
  returning: ["warning", "return"],
  return_short: ["danger", "alert"],
  returned: ["neutral", "return"],
  written_off: ["neutral", "trash"],
  cancelled: ["neutral", "cross"],
};

export function CountStateTag({ state }: { state: CountState }) {
  const [tone, icon] = COUNT[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useGoodsWords().count[state]}
    </Tag>
  );
}

export function TransferStateTag({ state }: { state: TransferState }) {
  const [tone, icon] = TRANSFER[state];
  return (
    <Tag tone={tone} icon={icon}>
      {useGoodsWords().transfer[state]}
    </Tag>
  );
}

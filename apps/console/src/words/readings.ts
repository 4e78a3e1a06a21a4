/** The words of what readers and partners tell of single pieces (EPCIS). */
import type { Like } from "@storeloop/i18n";

export const readingsZh = {
  title: "标签事件",
  intro:
    "读写器和合作方按 EPCIS 2.0 报来的单件事件：看到、装箱、拆箱、交易、加工、绑定。它们是佐证，不改库存；盘点时再与账面比对。",
  none: "还没有收到事件",
  noneText: "把 EPCIS 2.0 文档（JSON）发到 /api/v1/epcis/capture，事件就会出现在这里。",
  happened: "发生时间",
  kind: "类型",
  action: "动作",
  step: "业务步骤",
  place: "地点",
  tags: "标签",
  told: "收到时间",
  search: "标签：十六进制、EPC URI 或 GS1 链接",
  pieces: (n: string) => `${n} 个`,
  kinds: {
    ObjectEvent: "单件",
    AggregationEvent: "装箱",
    TransactionEvent: "交易",
    TransformationEvent: "加工",
    AssociationEvent: "绑定",
  },
  actions: { ADD: "增加", OBSERVE: "看到", DELETE: "移除" },
  captures: "最近收到的文档",
  capture: (stored: string, duplicates: string) => `新事件 ${stored}，重复 ${duplicates}`,
  wrong: (n: string) => `${n} 处有误`,
  rolledBack: "有误，整份未收",
  faultAt: (field: string, expected: string) => `${field}：应为 ${expected}`,
};

export const readingsEn: Like<typeof readingsZh> = {
  title: "Tag events",
  intro:
    "What readers and partners tell of single pieces, by EPCIS 2.0: seen, packed, unpacked, traded, made into something, tied to something. It is testimony and moves no stock; a count compares it with the book.",
  none: "Nothing was told yet",
  noneText:
    "Send EPCIS 2.0 documents (JSON) to /api/v1/epcis/capture, and their events appear here.",
  happened: "Happened",
  kind: "Type",
  action: "Action",
  step: "Step",
  place: "Where",
  tags: "Tags",
  told: "Told",
  search: "Tag: hexadecimal, EPC URI or GS1 link",
  pieces: (n) => n,
  kinds: {
    ObjectEvent: "Pieces",
    AggregationEvent: "Packed",
    TransactionEvent: "Traded",
    TransformationEvent: "Made",
    AssociationEvent: "Tied",
  },
  actions: { ADD: "added", OBSERVE: "seen", DELETE: "removed" },
  captures: "Documents of late",
  capture: (stored, duplicates) => `${stored} new events, ${duplicates} told before`,
  wrong: (n) => `${n} faults`,
  rolledBack: "Faulty, nothing of it kept",
  faultAt: (field, expected) => `${field}: should be ${expected}`,
};

/** The words of visits to stores, and of how many visitors buy. */
import type { Like } from "@storeloop/i18n";

export const visitsZh = {
  title: "客流与转化",
  intro:
    "门口计数器数到的进店人数，与同一天收银台的成交单数相比。没有计数的日子不比较；数错的计数器会点名，也不计入全链数字。",
  all: "全部可信门店",
  none: "还没有门店",
  noneText: "门店开业后会出现在这里；计数器通过 /api/v1/visits 上报每个时段的进店人数。",
  place: "门店",
  days: "时间",
  lastDays: (days: string) => `近 ${days} 天`,
  visits: "进店人数",
  purchases: "成交单数",
  rate: "进店转化率",
  between: (low: string, high: string) => `95% 区间 ${low} 至 ${high}`,
  counted: "有计数的天数",
  doubt: "可信度",
  believed: "可信",
  doubts: {
    not_counted: "没有计数",
    more_purchases_than_visits: "计数器漏数：成交多于进店",
  },
};

export const visitsEn: Like<typeof visitsZh> = {
  title: "Visits and conversion",
  intro:
    "People counted at the doors, beside purchases at the counter on the same days. Days nobody counted are not compared; a counter that cannot be right is named, and kept out of the chain's figure.",
  all: "All stores that are believed",
  none: "No stores yet",
  noneText: "Stores appear here once they open; counters tell how many came in by /api/v1/visits.",
  place: "Store",
  days: "Time",
  lastDays: (days) => `Last ${days} days`,
  visits: "Came in",
  purchases: "Purchases",
  rate: "Conversion",
  between: (low, high) => `95 % interval ${low} to ${high}`,
  counted: "Days counted",
  doubt: "To be believed?",
  believed: "Yes",
  doubts: {
    not_counted: "Nobody counted",
    more_purchases_than_visits: "Counter misses people: more bought than came in",
  },
};

/** The words of what is kept back from sale, and of kits. */
import type { Like } from "@storeloop/i18n";

export const safetyZh = {
  title: "设置安全库存",
  about: "安全库存不对外销售：留给门店陈列，或抵消账实误差。已占用的库存不受影响。",
  aboutPlace: "适用于该地点所有没有单独设置的商品，以后到货的新商品也一样。",
  ofPlace: "地点默认安全库存",
  chosen: (n: string) => `已选 ${n} 行`,
  open: (n: string) => `设置 ${n} 行的安全库存`,
  tooMany: (n: string) => `一次最多 ${n} 行，请少选一些`,
  quantity: "保留件数",
  follow: "跟随地点的默认值",
  own: "单独设置",
  each: (n: string) => `每个商品保留 ${n} 件`,
  change: "修改",
  saved: "已保存",
  clear: "取消选择",
};

export const safetyEn: Like<typeof safetyZh> = {
  title: "Set safety stock",
  about:
    "Safety stock is not sold: it stays on display, or makes up for what the book gets wrong. What is reserved already stays reserved.",
  aboutPlace:
    "For every SKU of this place of which nothing else is said, those that arrive later included.",
  ofPlace: "Safety stock of the place",
  chosen: (n) => `${n} rows chosen`,
  open: (n) => `Set the safety stock of ${n} rows`,
  tooMany: (n) => `No more than ${n} rows at a time; choose fewer`,
  quantity: "Pieces kept back",
  follow: "Follow the figure of the place",
  own: "Said of this SKU",
  each: (n) => `${n} of each SKU`,
  change: "Change",
  saved: "Saved",
  clear: "Clear the choice",
};

export const kitZh = {
  column: "套装组成",
  title: (code: string) => `${code} 的套装组成`,
  about:
    "套装由其他商品组成，有自己的价格，没有自己的库存：能卖几套，取决于最缺的那一件，且须在同一地点备齐。已下的订单按下单时的组成发货。",
  noKit: "保存为单品",
};

export const kitEn: Like<typeof kitZh> = {
  column: "Made of",
  title: (code) => `What ${code} is made of`,
  about:
    "A kit is made of other articles. It has a price of its own and no stock of its own: there is as much of it as of what there is least of, all in one place. Orders are served as the kit was when it was bought.",
  noKit: "Save as a single article",
};

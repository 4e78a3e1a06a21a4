/** The console's places, arranged by the loop and not by departments. */
import type { IconName } from "@storeloop/ui";
import type { en } from "./words/en.ts";

type MenuWord = keyof (typeof en)["menu"];

export type MenuItem = {
  key: MenuWord;
  href: string;
  icon: IconName;
  /** Shown to those who hold it. */
  permission: string | null;
  /** What the palette also finds it by: pinyin, initials, the other language. */
  also: string;
};
export type MenuGroup = { key: MenuWord | null; items: MenuItem[] };

export const MENU: MenuGroup[] = [
  {
    key: null,
    items: [
      {
        key: "home",
        href: "/",
        icon: "home",
        permission: "home.read",
        also: "zonglan zl home 总览",
      },
    ],
  },
  {
    key: "hear",
    items: [
      {
        key: "inbox",
        href: "/inbox",
        icon: "voice",
        permission: "feedback.read",
        also: "shengyin sy fankui feedback voices 反馈",
      },
      {
        key: "messages",
        href: "/messages",
        icon: "message",
        permission: "message.read",
        also: "xiaoxi xx messages mailbox 信箱",
      },
    ],
  },
  {
    key: "understand",
    items: [
      {
        key: "members",
        href: "/members",
        icon: "users",
        permission: "member.read",
        also: "huiyuan hy members customers 顾客",
      },
    ],
  },
  {
    key: "fix",
    items: [
      {
        key: "issues",
        href: "/issues",
        icon: "refresh",
        permission: "issue.read",
        also: "wenti wt issues cases 改进",
      },
    ],
  },
  {
    key: "sell",
    items: [
      {
        key: "orders",
        href: "/orders",
        icon: "bag",
        permission: "order.read",
        also: "dingdan dd orders",
      },
      {
        key: "decisions",
        href: "/decisions",
        icon: "alert",
        permission: "order.read",
        also: "daichuli dcl dingdan decisions unfillable 待处理",
      },
      {
        key: "sourcing",
        href: "/sourcing",
        icon: "settings",
        permission: "sourcing.read",
        also: "xunyuan xy sourcing routing rules 选店 规则 回放",
      },
      {
        key: "channels",
        href: "/channels",
        icon: "globe",
        permission: "channel.read",
        also: "xiaoshouqudao qudao qd channels buffers safety 渠道 留量",
      },
      {
        key: "returns",
        href: "/returns",
        icon: "return",
        permission: "order.read",
        also: "tuihuo th returns refunds 退款",
      },
      {
        key: "payments",
        href: "/payments",
        icon: "qr",
        permission: "payment.read",
        also: "zhifu zf duizhang dz payments reconcile statements 支付 账单 退款",
      },
      {
        key: "giftCards",
        href: "/gift-cards",
        icon: "star",
        permission: "gift_card.read",
        also: "lipinka lpk gift cards stored value 储值 礼品卡",
      },
      {
        key: "products",
        href: "/products",
        icon: "gift",
        permission: null,
        also: "shangpin sp products catalogue",
      },
      {
        key: "prices",
        href: "/prices",
        icon: "tag",
        permission: "price.read",
        also: "jiamubiao jmb jiage prices price lists 价格",
      },
      {
        key: "promotions",
        href: "/promotions",
        icon: "percent",
        permission: "price.read",
        also: "cuxiao cx youhui promotions discounts 优惠 活动",
      },
      {
        key: "stock",
        href: "/stock",
        icon: "box",
        permission: "stock.read",
        also: "kucun kc stock inventory",
      },
      {
        key: "replenishment",
        href: "/replenishment",
        icon: "down",
        permission: "replenishment.read",
        also: "buhuo bh buhuojianyi replenishment reorder forecast 预测 订货",
      },
      {
        key: "supplies",
        href: "/supplies",
        icon: "calendar",
        permission: "stock.read",
        also: "yujidaohuo yjdh caigou supply purchase orders expected 采购 到货",
      },
      {
        key: "transfers",
        href: "/transfers",
        icon: "truck",
        permission: "stock.read",
        also: "diaobo db transfers 调货",
      },
      {
        key: "counts",
        href: "/counts",
        icon: "scan",
        permission: "stock.read",
        also: "pandian pd counts stocktake inventory 盘库",
      },
      {
        key: "readings",
        href: "/readings",
        icon: "qr",
        permission: "epcis.read",
        also: "biaoqian bq shijian rfid epcis tags readings 标签 读写器",
      },
      {
        key: "ledger",
        href: "/ledger",
        icon: "list",
        permission: "stock.read",
        also: "liushui ls ledger movements 流水",
      },
      {
        key: "visits",
        href: "/visits",
        icon: "users",
        permission: "visit.read",
        also: "keliu kl zhuanhua zh visits footfall traffic conversion 进店 转化率",
      },
    ],
  },
  {
    key: "run",
    items: [
      {
        key: "places",
        href: "/places",
        icon: "store",
        permission: null,
        also: "mendian md places stores warehouses",
      },
      {
        key: "staff",
        href: "/staff",
        icon: "user",
        permission: "staff.read",
        also: "yuangong yg staff users",
      },
      {
        key: "apiKeys",
        href: "/api-keys",
        icon: "lock",
        permission: "api_key.manage",
        also: "miyao my api keys",
      },
      {
        key: "audit",
        href: "/audit",
        icon: "shield",
        permission: "audit.read",
        also: "shenji sj audit log",
      },
    ],
  },
];

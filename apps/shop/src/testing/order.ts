import type { Order } from "@storeloop/api";

const money = (amount_minor: number) => ({ amount_minor, currency: "CNY" });

/** A guest's order that waits for its money. */
export const ORDER: Order = {
  id: "ord_1",
  number: "S7K3-M9QD",
  state: "pending_payment",
  channel: "web",
  currency: "CNY",
  member_id: null,
  contact: { name: "Lin", phone: "13800138000" },
  method: "collect",
  address: null,
  placed_at: "2026-11-23T04:00:00Z",
  hold_expires_at: "2099-01-01T00:00:00Z",
  place_id: "plc_hubin",
  place_name: { zh: "湖滨店", en: "Hubin store" },
  lines: [],
  totals: {
    goods: money(19_900),
    discount: money(0),
    shipping: money(0),
    tax_included: money(0),
    total: money(19_900),
  },
  shipping_steps: [],
  decision: null,
  change: null,
  changeable: false,
  ahead: [],
  fulfilments: [],
  payments: [],
  returns: [],
  timeline: [],
  pickup_code: null,
  points_earned: 0,
  access_token: "guest-token",
  version: 1,
};

import {
  type PaymentMethod,
  type PaymentOffer,
  paymentMethodList,
  type PaymentWay,
} from "@storeloop/api";
import { useQuery } from "@tanstack/react-query";
import { stored } from "./stored.ts";

/** What is paid online; paying at the counter is no matter of this page. */
export type OnlineMethod = Exclude<PaymentMethod, "pay_in_store">;
export type OutsideMethod = Exclude<OnlineMethod, "sandbox">;

/** The order they are offered in; the sandbox comes last. */
const METHODS: OnlineMethod[] = ["wechat_pay", "alipay", "stripe", "sandbox"];

/** What somebody pays with; inside WeChat its own window is the only way to pay with it. */
export type Device = "computer" | "phone" | "wechat";

const WAYS: Record<OutsideMethod, Record<Device, PaymentWay>> = {
  wechat_pay: { computer: "native", phone: "h5", wechat: "jsapi" },
  alipay: { computer: "qr", phone: "wap", wechat: "wap" },
  stripe: { computer: "intent", phone: "intent", wechat: "intent" },
};

export function wayOf(method: OutsideMethod, device: Device): PaymentWay {
  return WAYS[method][device];
}

export function thisDevice(): Device {
  if (/MicroMessenger/i.test(navigator.userAgent)) return "wechat";
  return window.matchMedia("(pointer: coarse)").matches ? "phone" : "computer";
}

/** How somebody may pay online in this shop. */
export function usePayMethods() {
  return useQuery({
    queryKey: ["payment-methods"],
    queryFn: () => paymentMethodList(),
    select: (list) => online(list.items),
    staleTime: 5 * 60_000,
  });
}

export function online(offers: Pick<PaymentOffer, "provider">[]): OnlineMethod[] {
  const offered = new Set<string>(offers.map((offer) => offer.provider));
  return METHODS.filter((method) => offered.has(method));
}

const asString = (raw: unknown) => (typeof raw === "string" ? raw : undefined);

/** The payment a provider was last asked about: whoever comes back from there waits for its word. */
export const lastAsked = stored<string>("storeloop.asked", "", asString);

/** Who WeChat says is here: an official account or mini program passes it when it opens the shop. */
export const wechatPayer = stored<string>("storeloop.openid", "", asString);

/** Takes the payer's name out of the address that opened the shop. */
export function rememberWechatPayer(search: string): void {
  const openid = new URLSearchParams(search).get("openid");
  if (openid) wechatPayer.set(openid);
}

import { afterEach, expect, test, vi } from "vitest";
import { online, rememberWechatPayer, thisDevice, wayOf, wechatPayer } from "./methods.ts";

afterEach(() => vi.unstubAllGlobals());

test("providers are offered in our order, the sandbox last, and the till's own not at all", () => {
  const offers = [
    { provider: "sandbox" },
    { provider: "stripe" },
    { provider: "cash" },
    { provider: "alipay" },
  ] as const;
  expect(online([...offers])).toEqual(["alipay", "stripe", "sandbox"]);
  expect(online([])).toEqual([]);
});

test("a phone goes to the provider, a computer shows a code, WeChat has its own window", () => {
  const ways = (["computer", "phone", "wechat"] as const).map((one) => wayOf("wechat_pay", one));
  expect(ways).toEqual(["native", "h5", "jsapi"]);
  expect(wayOf("alipay", "computer")).toBe("qr");
});

test("WeChat's browser is known by its name", () => {
  vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50" });
  expect(thisDevice()).toBe("wechat");
});

test("the payer's name with WeChat comes with the address and stays", () => {
  rememberWechatPayer("?openid=oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
  rememberWechatPayer("?q=serum");
  expect(wechatPayer.get()).toBe("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
});

import { expect, test } from "vitest";
import { type CheckoutForm, choiceOf, looksLikePhone, missing } from "./contact.ts";

const EMPTY: CheckoutForm = {
  method: "collect",
  placeId: null,
  contact: { name: "", phone: "" },
  address: { province: "", city: "", district: "", line: "" },
};
const WHO = { name: " 林小雨 ", phone: "138 0013 8000" };

test.each([
  ["13800138000", true],
  ["+86 138-0013-8000", true],
  ["(0571) 8888 1234", true],
  ["", false],
  ["12345", false],
  ["call me", false],
  ["1234567890123456", false],
])("%s is a phone number: %s", (value, expected) => {
  expect(looksLikePhone(value)).toBe(expected);
});

test("collecting needs a store, a name and a phone", () => {
  expect(missing(EMPTY)).toEqual({ name: true, phone: true, place: true });
  const form = { ...EMPTY, contact: WHO, placeId: "plc_1" };
  expect(missing(form)).toEqual({});
  expect(choiceOf(form)).toEqual({ method: "collect", place_id: "plc_1" });
});

test("delivery needs every part of the address, and sends it trimmed", () => {
  const form: CheckoutForm = { ...EMPTY, method: "delivery", contact: WHO };
  expect(missing(form)).toEqual({ province: true, city: true, district: true, line: true });
  expect(choiceOf(form)).toBeNull();
  const address = { province: "浙江", city: "杭州", district: "上城区", line: " 延安路 1 号" };
  expect(choiceOf({ ...form, address })).toEqual({
    method: "delivery",
    address: { ...address, line: "延安路 1 号", name: "林小雨", phone: "138 0013 8000" },
  });
});

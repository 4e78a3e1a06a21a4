import type { Contact, DeliveryAddress, FulfilmentChoice } from "@storeloop/api";

/** What the form of the checkout holds, complete or not. */
export type CheckoutForm = {
  method: "collect" | "delivery";
  placeId: string | null;
  contact: Contact;
  address: Pick<DeliveryAddress, "province" | "city" | "district" | "line">;
};

export type Missing = Partial<
  Record<"name" | "phone" | "place" | "province" | "city" | "district" | "line", true>
>;

/** Digits, spaces and the signs people put between them; the server decides what is a number. */
export function looksLikePhone(value: string): boolean {
  const digits = value.replace(/[^\d]/g, "");
  return /^\+?[\d\s()-]+$/.test(value.trim()) && digits.length >= 7 && digits.length <= 15;
}

/** What is still missing before the order can be placed. */
export function missing(form: CheckoutForm): Missing {
  const found: Missing = {};
  if (!form.contact.name.trim()) found.name = true;
  if (!looksLikePhone(form.contact.phone)) found.phone = true;
  if (form.method === "collect" && !form.placeId) found.place = true;
  if (form.method === "delivery") {
    for (const part of ["province", "city", "district", "line"] as const) {
      if (!form.address[part].trim()) found[part] = true;
    }
  }
  return found;
}

/** The choice as the API wants it, or `null` while the form does not say enough. */
export function choiceOf(form: CheckoutForm): FulfilmentChoice | null {
  if (form.method === "collect") {
    return form.placeId ? { method: "collect", place_id: form.placeId } : null;
  }
  if (Object.keys(missing(form)).length > 0) return null;
  const { name, phone } = form.contact;
  const { province, city, district, line } = form.address;
  return {
    method: "delivery",
    address: {
      name: name.trim(),
      phone: phone.trim(),
      province: province.trim(),
      city: city.trim(),
      district: district.trim(),
      line: line.trim(),
    },
  };
}

import { expect, test } from "vitest";
import { parsePickup, pickupPayload } from "./pickup.ts";

test("a scanned pickup code names its order", () => {
  const pickup = { orderNumber: "S7K3-M9QD", code: "482913" };
  expect(parsePickup(` ${pickupPayload(pickup)}\n`)).toEqual(pickup);
});

test.each(["6901234567892", "STORELOOP:PICKUP:S7K3-M9QD", "STORELOOP:PICKUP::1", ""])(
  "%j is not a pickup code",
  (scanned) => expect(parsePickup(scanned)).toBeNull(),
);

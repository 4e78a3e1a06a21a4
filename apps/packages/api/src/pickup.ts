/** What a pickup QR code says: which order, and the code that releases it. */
export type Pickup = { orderNumber: string; code: string };

const PREFIX = "STORELOOP:PICKUP";

/** The text of the QR code the shop shows. */
export function pickupPayload({ orderNumber, code }: Pickup): string {
  return `${PREFIX}:${orderNumber}:${code}`;
}

/** Reads a scanned text; `null` when it is something else (a product, a member code). */
export function parsePickup(scanned: string): Pickup | null {
  const parts = scanned.trim().split(":");
  if (parts.length !== 4 || `${parts[0]}:${parts[1]}` !== PREFIX) return null;
  const [, , orderNumber, code] = parts;
  return orderNumber && code ? { orderNumber, code } : null;
}

/** Sums as people type them, to and from minor units, without a fraction of binary in between. */

export function exponentOf(currency: string): number {
  const formatted = new Intl.NumberFormat("en", { style: "currency", currency });
  return formatted.resolvedOptions().maximumFractionDigits ?? 2;
}

/** `129.5` is 12950 fen; null for what is no amount. */
export function toMinor(typed: string, currency: string): number | null {
  return scaled(typed, exponentOf(currency));
}

/** 12950 fen are `129.50`; whole sums lose their zeros. */
export function fromMinor(minor: number, currency: string): string {
  return unscaled(minor, exponentOf(currency), true);
}

/** `12.5` percent are 1250 hundredths of a percent. */
export function toBasisPoints(typed: string): number | null {
  return scaled(typed, 2);
}

export function fromBasisPoints(points: number): string {
  return unscaled(points, 2, false);
}

function scaled(typed: string, digits: number): number | null {
  const plain = typed.trim().replace(/[\s,¥$€£]/g, "");
  const match = /^(\d{1,13})(?:\.(\d*))?$/.exec(plain);
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > digits) return null;
  const value = Number(`${match[1]}${fraction.padEnd(digits, "0")}`);
  return Number.isSafeInteger(value) ? value : null;
}

function unscaled(value: number, digits: number, money: boolean): string {
  if (digits === 0) return String(value);
  const written = String(value).padStart(digits + 1, "0");
  const whole = written.slice(0, -digits);
  const fraction = written.slice(-digits);
  if (/^0*$/.test(fraction)) return whole;
  return `${whole}.${money ? fraction : fraction.replace(/0+$/, "")}`;
}

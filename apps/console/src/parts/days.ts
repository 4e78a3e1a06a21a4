/** Days people choose, and the instants they stand for. */

/** The hour by which something due on a day is there. */
const BY_HOUR = 18;

const two = (value: number) => String(value).padStart(2, "0");

/** The day of an instant where its reader is, as a date field writes it. */
export function dayOf(instant: string): string {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The instant by which something due on a day is there; null for what is no day. */
export function endOf(day: string): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date, BY_HOUR).toISOString();
}

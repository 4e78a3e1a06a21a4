import type { Place } from "@storeloop/api";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The day of the week at a place, 1 = Monday as the API counts. */
export function weekdayAt(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", { weekday: "short", timeZone: zone });
  return WEEKDAYS.indexOf(format.format(instant)) + 1;
}

/** `10:00–22:00`, the opening hours of a place on the day of an instant; empty when it is closed. */
export function hoursOn(place: Pick<Place, "hours" | "timezone">, instant: number): string {
  const weekday = weekdayAt(instant, place.timezone);
  return place.hours
    .filter((hours) => hours.weekday === weekday)
    .map((hours) => `${hours.opens}–${hours.closes}`)
    .join(", ");
}

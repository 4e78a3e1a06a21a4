import { A } from "@storeloop/ui";

export type Bar = { key: string; label: string; value: number; shown: string; href?: string };

/** One series as bars with direct labels; every bar is a door to its rows. */
export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul className="console-bars" aria-label={label}>
      {bars.map((bar) => {
        const inside = (
          <>
            <span className="console-bars__label">{bar.label}</span>
            <span className="console-bars__track" aria-hidden="true">
              <span
                className="console-bars__bar"
                style={{ width: `${(Math.max(0, bar.value) / most) * 100}%` }}
              />
            </span>
            <span className="console-bars__value">{bar.shown}</span>
          </>
        );
        return (
          <li key={bar.key}>
            {bar.href ? (
              <A className="console-bars__row" href={bar.href}>
                {inside}
              </A>
            ) : (
              <span className="console-bars__row">{inside}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Why a place serves an order: every place that was compared, with every number and the reason of those left out. */
import type { SourcingWhy } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Tag } from "@storeloop/ui";
import "../sourcing.css";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";

type Candidate = SourcingWhy["candidates"][number];

export function SourcingWhyPanel({ why, currency }: { why: SourcingWhy; currency: string }) {
  const { sourcing: t } = useWords();
  const { text, number, money } = useI18n();
  const cost = (minor: number) => money({ amount_minor: minor, currency });
  const keys = columnsOf(why).map(([key, label]): [string, string] => [key, text(label)]);
  return (
    <div className="sl-stack sl-stack--2">
      <p>{text(why.objective)}</p>
      {why.tiers.length > 0 && (
        <ol className="sourcing-tiers sourcing-tiers--read">
          {why.tiers.map((tier, index) => (
            <li key={index}>
              {text(tier.label)}{" "}
              <span className="sl-muted">· {t.outcomes[tier.outcome] ?? tier.outcome}</span>
            </li>
          ))}
        </ol>
      )}
      <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={t.candidates}>
        <table className="sl-table sourcing-why">
          <thead>
            <tr>
              <th scope="col">{t.place}</th>
              <th scope="col" className="sl-table__number">
                {t.total}
              </th>
              {keys.map(([key, label]) => (
                <th key={key} scope="col" className="sl-table__number">
                  {label}
                </th>
              ))}
              <Heads />
            </tr>
          </thead>
          <tbody>
            {why.candidates.map((one) => (
              <tr
                key={one.place_id}
                className={
                  one.chosen ? "sl-table__chosen" : one.excluded ? "sourcing-why__out" : undefined
                }
              >
                <th scope="row">
                  <Door href={`/places/${one.place_id}`}>{text(one.name)}</Door>
                  {one.chosen && (
                    <>
                      {" "}
                      <Tag tone="success" icon="check">
                        {t.chosenTag}
                      </Tag>
                    </>
                  )}
                  <Remark candidate={one} />
                </th>
                <td className="sl-table__number">
                  <strong>{cost(one.cost_minor)}</strong>
                </td>
                {keys.map(([key]) => (
                  <td key={key} className="sl-table__number">
                    {partOf(one, key) === 0 ? "—" : cost(partOf(one, key))}
                  </td>
                ))}
                <Numbers candidate={one} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {typeof why.total_minor === "number" && (
        <p>
          {t.whole} <strong>{cost(why.total_minor)}</strong>
          {why.split_minor > 0 && ` · ${t.splits} ${cost(why.split_minor)}`} ·{" "}
          {why.gap_minor > 0 ? t.gap(cost(why.gap_minor)) : t.proved}
          {why.rules_version !== null &&
            ` · ${why.rules_version === 0 ? t.byInitial : t.byVersion(number(why.rules_version))}`}
        </p>
      )}
      {why.left_out > 0 && <p className="sl-muted">{t.leftOut(number(why.left_out))}</p>}
    </div>
  );
}

/** The parts of cost that any place has, in the order they are first met. */
function columnsOf(why: SourcingWhy): [string, Candidate["parts"][number]["label"]][] {
  const seen = new Map<string, Candidate["parts"][number]["label"]>();
  for (const part of why.candidates.flatMap((one) => one.parts)) {
    const key = part.key || part.label.en;
    if (!seen.has(key)) seen.set(key, part.label);
  }
  return [...seen];
}

function partOf(candidate: Candidate, key: string): number {
  const part = candidate.parts.find((one) => (one.key || one.label.en) === key);
  return part?.cost_minor ?? 0;
}

function Remark({ candidate }: { candidate: Candidate }) {
  const { sourcing: t } = useWords();
  const { text } = useI18n();
  const remarks = [
    candidate.excluded && text(candidate.excluded),
    candidate.behind && t.behind(text(candidate.behind)),
    !candidate.available_all && !candidate.excluded && t.partly,
  ].filter(Boolean);
  return remarks.length > 0 ? <div className="sl-caption">{remarks.join(" · ")}</div> : null;
}

function Heads() {
  const { sourcing: t } = useWords();
  const heads = [
    t.distance,
    t.available,
    t.takes,
    t.soldWeeks,
    t.load,
    t.arrival,
    t.late,
    t.rejects,
  ];
  return heads.map((head) => (
    <th key={head} scope="col" className="sl-table__number">
      {head}
    </th>
  ));
}

function Numbers({ candidate }: { candidate: Candidate }) {
  const { number, distance, duration } = useI18n();
  const numbers = candidate.numbers;
  const list = (values: (number | null)[]) =>
    values.length === 0 || values.every((value) => value === null)
      ? "—"
      : values.map((value) => (value === null ? "—" : number(Math.max(0, value)))).join(" / ");
  const cells = numbers
    ? [
        candidate.distance_m === null ? "—" : distance(candidate.distance_m),
        list(numbers.available),
        list(numbers.takes),
        list(numbers.sold),
        `${number(numbers.open)} / ${number(numbers.taken)}${numbers.capacity === null ? "" : ` (${number(numbers.capacity)})`}`,
        numbers.arrival_minutes === null ? "—" : duration(numbers.arrival_minutes),
        numbers.late_minutes > 0 ? duration(numbers.late_minutes) : "—",
        `${number(numbers.reject_ppm / 10_000)} %`,
      ]
    : [candidate.distance_m === null ? "—" : distance(candidate.distance_m), ...Array(7).fill("—")];
  return cells.map((cell, index) => (
    <td key={index} className="sl-table__number">
      {cell}
    </td>
  ));
}

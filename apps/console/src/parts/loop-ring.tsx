import type { LoopStage } from "@storeloop/api";

export type Stage = "hear" | "understand" | "act" | "fix";
export const STAGES: Stage[] = ["hear", "understand", "act", "fix"];

const SIZE = 208;
const WIDTH = 18;
const RADIUS = (SIZE - WIDTH) / 2;
const GAP_DEGREES = 8;
const ARC_DEGREES = 360 / STAGES.length - GAP_DEGREES;

function point(degrees: number): string {
  const angle = ((degrees - 90) * Math.PI) / 180;
  const at = (turn: number) => (SIZE / 2 + RADIUS * turn).toFixed(2);
  return `${at(Math.cos(angle))} ${at(Math.sin(angle))}`;
}

function arc(from: number, to: number): string {
  return `M ${point(from)} A ${RADIUS} ${RADIUS} 0 0 1 ${point(to)}`;
}

/**
 * 环 as a picture of the loop: four arcs clockwise from the top, of each the share that is stuck at
 * its end. The figures beside it say the same in words, so it is not read out.
 */
export function LoopRing({ ring }: { ring: Record<Stage, LoopStage> }) {
  return (
    <svg
      className="console-loop__ring"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      aria-hidden="true"
      fill="none"
      strokeWidth={WIDTH}
    >
      {STAGES.map((name, index) => {
        const stage = ring[name];
        const all = stage.flowing + stage.stuck;
        const start = index * (ARC_DEGREES + GAP_DEGREES) + GAP_DEGREES / 2;
        const end = start + ARC_DEGREES;
        const turn = all === 0 ? end : end - (stage.stuck / all) * ARC_DEGREES;
        return (
          <g key={name}>
            <path d={arc(start, end)} className={all === 0 ? "console-loop__idle" : undefined} />
            {turn < end && <path d={arc(turn, end)} className="console-loop__stuck" />}
          </g>
        );
      })}
    </svg>
  );
}

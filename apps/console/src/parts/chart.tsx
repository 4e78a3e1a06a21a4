import { useI18n } from "@storeloop/i18n";
import { useTheme } from "@storeloop/ui";
import { chartDark, chartLight, dark, light } from "@storeloop/ui/tokens";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useWords } from "../words/index.ts";

register([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export type Point = { label: string; value: number };

type ChartProps = {
  /** What the chart says, for those who do not see it. */
  label: string;
  kind: "bar" | "line";
  points: Point[];
  format: (value: number) => string;
};

/** One series with little ink; the same figures as a table below it. */
export default function Chart({ label, kind, points, format }: ChartProps) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const { isDark } = useTheme();
  const { locale } = useI18n();
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: "svg" });
    chart.setOption(option(kind, points, format, isDark));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
    // `format` follows the language.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kind, points, isDark, locale]);
  return (
    <figure className="sl-stack sl-stack--1" style={{ margin: 0 }}>
      <div ref={box} className="console-chart" role="img" aria-label={label} />
      <details className="sl-why">
        <summary>{t.home.table}</summary>
        <table className="sl-table">
          <tbody>
            {points.map((point) => (
              <tr key={point.label}>
                <th scope="row">{point.label}</th>
                <td className="sl-table__number">{format(point.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function option(
  kind: ChartProps["kind"],
  points: Point[],
  format: ChartProps["format"],
  isDark: boolean,
): EChartsCoreOption {
  const palette = isDark ? dark : light;
  const [colour] = isDark ? chartDark : chartLight;
  const horizontal = kind === "bar";
  const names = {
    type: "category",
    data: points.map((point) => point.label),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: palette["ink-2"] },
  };
  const values = {
    type: "value",
    axisLabel: { color: palette["ink-3"], formatter: (value: number) => format(value) },
    splitLine: { lineStyle: { color: palette.line } },
    splitNumber: 3,
  };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => format(Number(value)),
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink },
    },
    xAxis: horizontal ? { ...values, show: false } : names,
    yAxis: horizontal ? { ...names, inverse: true } : values,
    series: [
      {
        type: kind,
        data: points.map((point) => point.value),
        color: colour,
        barMaxWidth: 18,
        symbol: "none",
        lineStyle: { width: 2 },
        areaStyle: horizontal ? undefined : { opacity: 0.08 },
        label: horizontal
          ? {
              show: true,
              position: "right",
              color: palette["ink-2"],
              formatter: ({ value }: { value: number }) => format(value),
            }
          : undefined,
      },
    ],
  };
}

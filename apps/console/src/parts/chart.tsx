import { useI18n } from "@storeloop/i18n";
import { useTheme } from "@storeloop/ui";
import { chartDark, chartLight, dark, light } from "@storeloop/ui/tokens";
import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useWords } from "../words/index.ts";

register([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export type Point = { label: string; short: string; value: number };

type ChartProps = {
  /** What the chart says, for those who do not see it. */
  label: string;
  points: Point[];
  format: (value: number) => string;
};

/** One series over time with little ink; the same figures as a table below it. */
export default function Chart({ label, points, format }: ChartProps) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const { isDark } = useTheme();
  const { locale } = useI18n();
  useEffect(() => {
    if (!box.current) return;
    const drawn = init(box.current, null, { renderer: "svg" });
    chart.current = drawn;
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);
  // Figures arrive anew with every event; the picture changes only when they do.
  const figures = JSON.stringify(points);
  useEffect(() => {
    chart.current?.setOption(option(JSON.parse(figures) as Point[], format, isDark));
    // `format` follows the language.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [figures, isDark, locale]);
  return (
    <figure className="sl-stack sl-stack--1" style={{ margin: 0 }}>
      <div ref={box} className="console-chart" role="img" aria-label={label} />
      <details className="sl-why">
        <summary>{t.home.table}</summary>
        <div className="console-chart__table">
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
        </div>
      </details>
    </figure>
  );
}

function option(points: Point[], format: ChartProps["format"], isDark: boolean): EChartsCoreOption {
  const palette = isDark ? dark : light;
  const [colour] = isDark ? chartDark : chartLight;
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
    xAxis: {
      type: "category",
      data: points.map((point) => point.short),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette["ink-2"] },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: palette["ink-3"], formatter: (value: number) => format(value) },
      splitLine: { lineStyle: { color: palette.line } },
      splitNumber: 3,
    },
    series: [
      {
        type: "line",
        data: points.map((point) => point.value),
        color: colour,
        symbol: "none",
        lineStyle: { width: 2 },
        areaStyle: { opacity: 0.08 },
      },
    ],
  };
}

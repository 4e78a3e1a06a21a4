/** Lines over days, some of them with a band, some broken where nothing is known. */
import { useI18n } from "@storeloop/i18n";
import { useTheme } from "@storeloop/ui";
import { chartDark, chartLight, dark, light } from "@storeloop/ui/tokens";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useWords } from "../words/index.ts";

register([LineChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);

export type Series = {
  name: string;
  values: (number | null)[];
  /** Drawn in dashes: a guess, or a line to keep above. */
  dashed?: boolean;
  step?: boolean;
};
export type Band = { name: string; low: (number | null)[]; high: (number | null)[] };

type ChartProps = {
  label: string;
  days: string[];
  series: Series[];
  band?: Band;
};

export default function ReplenishmentChart({ label, days, series, band }: ChartProps) {
  const { replenishment: t } = useWords();
  const { number } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const { isDark } = useTheme();
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
  useEffect(() => {
    chart.current?.setOption(option(days, series, band, isDark), true);
  }, [days, series, band, isDark]);
  const shown = (value: number | null | undefined) =>
    typeof value === "number" ? number(Math.round(value * 10) / 10) : "—";
  return (
    <figure className="sl-stack sl-stack--1" style={{ margin: 0 }}>
      <div ref={box} className="replenish-chart" role="img" aria-label={label} />
      <details className="sl-why">
        <summary>{t.table}</summary>
        <div className="console-chart__table">
          <table className="sl-table">
            <thead>
              <tr>
                <th scope="col">{t.date}</th>
                {series.map((one) => (
                  <th scope="col" key={one.name} className="sl-table__number">
                    {one.name}
                  </th>
                ))}
                {band && (
                  <th scope="col" className="sl-table__number">
                    {band.name}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {days.map((day, at) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  {series.map((one) => (
                    <td key={one.name} className="sl-table__number">
                      {shown(one.values[at])}
                    </td>
                  ))}
                  {band && (
                    <td className="sl-table__number">
                      {shown(band.low[at])} – {shown(band.high[at])}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function option(
  days: string[],
  series: Series[],
  band: Band | undefined,
  isDark: boolean,
): EChartsCoreOption {
  const palette = isDark ? dark : light;
  const colours = isDark ? chartDark : chartLight;
  const line = (one: Series, at: number) => ({
    name: one.name,
    type: "line",
    data: one.values,
    color: one.dashed ? palette["ink-3"] : colours[at % colours.length],
    symbol: "none",
    step: one.step ? "end" : false,
    lineStyle: { width: one.dashed ? 1.5 : 2, type: one.dashed ? "dashed" : "solid" },
  });
  // A band is its lower edge, unseen, with the rest stacked upon it.
  const edge = (values: (number | null)[], fill: boolean) => ({
    name: fill ? band?.name : "",
    type: "line",
    stack: "band",
    data: values,
    color: colours[1],
    symbol: "none",
    lineStyle: { opacity: 0 },
    areaStyle: fill ? { opacity: 0.15 } : { opacity: 0 },
    tooltip: { show: false },
  });
  const bands = band
    ? [
        edge(band.low, false),
        edge(
          band.high.map((high, at) => (high === null ? null : high - (band.low[at] ?? 0))),
          true,
        ),
      ]
    : [];
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 16,
      textStyle: { color: palette["ink-2"] },
      data: [...series.map((one) => one.name), ...(band ? [band.name] : [])],
    },
    tooltip: {
      trigger: "axis",
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink },
      valueFormatter: (value: unknown) =>
        typeof value === "number" ? String(Math.round(value * 10) / 10) : "—",
    },
    xAxis: {
      type: "category",
      data: days,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette["ink-2"], hideOverlap: true },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: palette["ink-3"] },
      splitLine: { lineStyle: { color: palette.line } },
      splitNumber: 3,
    },
    series: [...bands, ...series.map(line)],
  };
}

import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { IncidentDay } from "../../api/types";
import { colors, fonts } from "../../app/theme";
import { shortDay } from "../../lib/dates";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const height = 150;

/** What came and what went on each day. The sums are in its label, for those who cannot see it. */
export default function TrendChart({ days }: { days: IncidentDay[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const chart = init(element, undefined, { renderer: "svg", height });
    chart.setOption(optionOf(days));
    const follow = new ResizeObserver(() => chart.resize());
    follow.observe(element);
    return () => {
      follow.disconnect();
      chart.dispose();
    };
  }, [days]);
  const sum = (of: (d: IncidentDay) => number) => days.reduce((n, d) => n + of(d), 0);
  const label = `近 ${days.length} 天新出现 ${sum((d) => d.opened)} 件，解决 ${sum((d) => d.ended)} 件`;
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}

function optionOf(days: IncidentDay[]) {
  const text = { fontFamily: fonts, fontSize: 12, color: colors.text };
  const series = (name: string, color: string, value: (d: IncidentDay) => number) => ({
    name,
    type: "bar",
    barGap: 0,
    itemStyle: { color },
    data: days.map(value),
  });
  return {
    animation: false,
    textStyle: text,
    grid: { left: 4, right: 4, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, icon: "rect", textStyle: text, selectedMode: false },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    xAxis: {
      type: "category",
      data: days.map((d) => shortDay(d.day)),
      axisTick: { show: false },
      axisLabel: { ...text, color: colors.grey, formatter: (day: string) => day.replace(/（.*/, "") },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { ...text, color: colors.grey },
      splitLine: { lineStyle: { color: colors.line } },
    },
    series: [
      series("新出现", "#a8741a", (d) => d.opened),
      series("已解决", colors.accent, (d) => d.ended),
    ],
  };
}

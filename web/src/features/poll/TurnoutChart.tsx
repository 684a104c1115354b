import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { colors, fonts } from "../../app/theme";
import type { Cell } from "../../api/types";
import { buildingWords, percentFloor } from "../../lib/votes";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const row = 34;

/** Heads by building, one bar each. What it shows stands in a table beside it, for those who cannot see it. */
export default function TurnoutChart({ cells, open }: { cells: Cell[]; open: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const height = cells.length * row + 70;
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const chart = init(element, undefined, { renderer: "svg", height });
    chart.setOption(optionOf(cells, open));
    const follow = new ResizeObserver(() => chart.resize());
    follow.observe(element);
    return () => {
      follow.disconnect();
      chart.dispose();
    };
  }, [cells, open, height]);
  const least = [...cells].sort((a, b) => a.cast.heads * b.all.heads - b.cast.heads * a.all.heads)[0];
  const label = `各楼参与情况，共 ${cells.length} 组${
    least ? `，参与率最低的是 ${buildingWords(least.building)}，${percentFloor(least.cast.heads, least.all.heads)}` : ""
  }`;
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}

const palette: Record<string, string> = {
  同意: colors.accent,
  不同意: "#a8741a",
  弃权: "#7d898c",
  "已表决，意见不显示": "#9db4b8",
  已表决: colors.accent,
  未表决: "#dde3e3",
};

function optionOf(cells: Cell[], open: boolean) {
  // The first building stands at the top.
  const upward = [...cells].reverse();
  const parts: [string, (c: Cell) => number][] = [
    ...(open
      ? ([
          ["同意", (c) => c.yes.heads],
          ["不同意", (c) => c.no.heads],
          ["弃权", (c) => c.abstain.heads],
          ...(cells.some((c) => c.quiet) ? [["已表决，意见不显示", (c: Cell) => (c.quiet ? c.cast.heads : 0)]] : []),
        ] as [string, (c: Cell) => number][])
      : ([["已表决", (c) => c.cast.heads]] as [string, (c: Cell) => number][])),
    ["未表决", (c) => c.all.heads - c.cast.heads],
  ];
  const text = { fontFamily: fonts, fontSize: 13, color: colors.text };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, icon: "rect", textStyle: text, selectedMode: false },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    xAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { ...text, color: colors.grey },
      splitLine: { lineStyle: { color: colors.line } },
    },
    yAxis: {
      type: "category",
      data: upward.map((c) => buildingWords(c.building)),
      axisTick: { show: false },
      axisLabel: { ...text, width: 110, overflow: "break" },
    },
    series: parts.map(([name, value]) => ({
      name,
      type: "bar",
      stack: "all",
      barWidth: 18,
      itemStyle: { color: palette[name] },
      data: upward.map(value),
    })),
  };
}

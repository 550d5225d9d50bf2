import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useRef } from "react";

/** Draws one ECharts option; ECharts itself is fetched when the first chart appears. */
export function Chart({
  option,
  height,
  label,
}: {
  option: EChartsCoreOption;
  height: number;
  label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef(option);
  latest.current = option;

  useEffect(() => {
    let gone = false;
    let watcher: ResizeObserver | null = null;
    void import("./echarts.ts").then(({ init }) => {
      if (gone || !box.current) return;
      const made = init(box.current);
      made.setOption(latest.current);
      chart.current = made;
      watcher = new ResizeObserver(() => made.resize());
      watcher.observe(box.current);
    });
    return () => {
      gone = true;
      watcher?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => chart.current?.setOption(option, true), [option]);
  return <div ref={box} style={{ height }} role="img" aria-label={label} />;
}

import { highest, segments } from "./Sparkline.tsx";

export type Range = readonly [low: number, high: number];

interface Props {
  points: readonly (number | null)[];
  /** What was expected day by day, from - to; null where nobody can say. */
  band: readonly (Range | null)[];
  width?: number;
  height?: number;
}

/** A series, the range expected of it, and its last day marked; from zero, gaps stay gaps. */
export function BandSparkline({ points, band, width = 92, height = 26 }: Props) {
  const [w, h] = [width - 8, height - 6];
  const top = highest([...points, ...band.map((range) => range?.[1] ?? null)]);
  const last = points.at(-1);
  return (
    <svg className="z-spark z-spark-band" width={width} height={height} aria-hidden="true">
      <g transform="translate(4 3)">
        {areas(band, w, h, top).map((d) => (
          <path key={d} d={d} className="z-spark-expected" />
        ))}
        {segments(points, w, h, top).map((d) => (
          <path key={d} d={d} />
        ))}
        {typeof last === "number" ? (
          <circle cx={w} cy={h - (Math.max(0, last) / top) * h} r={2.6} />
        ) : null}
      </g>
    </svg>
  );
}

/** One closed shape for each run of days with an expectation. */
export function areas(
  band: readonly (Range | null)[],
  width: number,
  height: number,
  top: number,
): string[] {
  const step = band.length > 1 ? width / (band.length - 1) : 0;
  const at = (i: number, value: number): string =>
    `${(i * step).toFixed(1)} ${(height - (Math.max(0, value) / top) * height).toFixed(1)}`;
  const runs: { i: number; range: Range }[][] = [[]];
  band.forEach((range, i) => {
    if (range) runs.at(-1)?.push({ i, range });
    else if (runs.at(-1)?.length) runs.push([]);
  });
  return runs
    .filter((run) => run.length > 1)
    .map((run) => {
      const upper = run.map(({ i, range }) => at(i, range[1]));
      const lower = run.map(({ i, range }) => at(i, range[0])).reverse();
      return `M${[...upper, ...lower].join("L")}Z`;
    });
}

interface Props {
  points: readonly (number | null)[];
  width?: number;
  height?: number;
}

/** The top of the scale: at least 1, so that a quiet series is drawn quiet. */
export function highest(points: readonly (number | null)[]): number {
  return Math.max(1, ...points.filter((value): value is number => value !== null));
}

/** Segments of consecutive known values; a gap stays a gap, an outage is not zero. */
export function segments(
  points: readonly (number | null)[],
  width: number,
  height: number,
  top = highest(points),
): string[] {
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const found: string[] = [];
  let open = "";
  points.forEach((value, i) => {
    if (value === null) {
      if (open) found.push(open);
      open = "";
      return;
    }
    const y = height - (Math.max(0, value) / top) * height;
    open += `${open ? "L" : "M"}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  if (open) found.push(open);
  return found;
}

/** Fourteen days in the size of a word; drawn from zero, so that heights may be compared. */
export function Sparkline({ points, width = 72, height = 20 }: Props) {
  const paths = segments(points, width - 4, height - 4);
  const last = points.at(-1);
  const top = highest(points);
  return (
    <svg className="z-spark" width={width} height={height} aria-hidden="true">
      <g transform="translate(2 2)">
        {paths.map((d) => (
          <path key={d} d={d} />
        ))}
        {typeof last === "number" ? (
          <circle cx={width - 4} cy={height - 4 - (Math.max(0, last) / top) * (height - 4)} r={2} />
        ) : null}
      </g>
    </svg>
  );
}

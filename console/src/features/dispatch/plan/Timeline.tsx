import { Pagination, Segmented, Select } from "antd";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { PlanBar } from "@/api/types.ts";
import { shortMinute } from "@/shared/format/time.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { extent, type Lane, lanesOf, next, type Placed, type Spot, ticks } from "./timeline.ts";
import { useWidth } from "./useWidth.ts";

const LANE_PX = 22;
const HEAD_PX = 24;
const PAGE = 60;
const ZOOMS = [1, 2, 4] as const;

interface Props {
  bars: readonly PlanBar[];
  thing: string | undefined;
  choose: (thing: string | null) => void;
}

/** Who does what when: a lane for each, walked with the arrow keys; what is chosen stands below. */
export function Timeline({ bars, thing, choose }: Props) {
  const { t } = useI18n();
  const lanes = useMemo(() => lanesOf(bars), [bars]);
  const [zoom, setZoom] = useState<(typeof ZOOMS)[number]>(1);
  const [at, setAt] = useState<Spot>(() => spotOf(lanes, thing));
  const first = Math.floor(at.lane / PAGE) * PAGE;
  const lane = lanes[at.lane];
  const chosen = lane?.bars[at.bar];
  const range = useMemo(() => extent(lanes), [lanes]);
  const jump = (row: number) => setAt({ lane: row, bar: 0 });
  return (
    <section className="z-timeline" aria-label={t("dispatch.timeline")}>
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("dispatch.zoom")}
          value={zoom}
          onChange={setZoom}
          options={ZOOMS.map((value) => ({
            value,
            label: value === 1 ? t("dispatch.whole") : `${value}×`,
          }))}
        />
        {lanes.length > PAGE ? (
          <Select
            size="small"
            className="z-filter-wide"
            aria-label={t("dispatch.findLane")}
            value={at.lane}
            showSearch={{ optionFilterProp: "label" }}
            options={lanes.map(({ label }, row) => ({ value: row, label }))}
            onChange={jump}
          />
        ) : null}
        <Legend bars={bars} />
        <span className="z-hint">{t("dispatch.timelineKeys")}</span>
      </div>
      <Drawing
        lanes={lanes}
        first={first}
        range={range}
        zoom={zoom}
        at={at}
        walk={setAt}
        take={(spot) => {
          setAt(spot);
          choose(lanes[spot.lane]?.bars[spot.bar]?.bar.id || null);
        }}
      />
      {lanes.length > PAGE ? (
        <Pagination
          size="small"
          className="z-more"
          pageSize={PAGE}
          total={lanes.length}
          current={first / PAGE + 1}
          showSizeChanger={false}
          showTotal={(n, [from, to]) => t("dispatch.lanes", { from, to, n })}
          onChange={(page) => jump((page - 1) * PAGE)}
        />
      ) : null}
      {chosen ? <Told lane={lane?.label ?? ""} placed={chosen} /> : null}
    </section>
  );
}

/** The first bar of what was chosen elsewhere. */
function spotOf(lanes: readonly Lane[], thing: string | undefined): Spot {
  if (thing)
    for (const [lane, { key, bars }] of lanes.entries()) {
      const bar = bars.findIndex((one) => one.bar.id === thing);
      if (bar >= 0) return { lane, bar };
      if (key === thing) return { lane, bar: 0 };
    }
  return {
    lane: Math.max(
      0,
      lanes.findIndex((one) => one.bars.length > 0),
    ),
    bar: 0,
  };
}

function Legend({ bars }: { bars: readonly PlanBar[] }) {
  const { term } = useI18n();
  const kinds = [...new Set(bars.map((one) => one.kind))];
  return (
    <ul className="z-timeline-legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <svg width="18" height="12" aria-hidden="true">
            <rect width="18" height="12" className={`z-tl-bar z-tl-${kind}`} />
          </svg>
          {term("dispatchBar", kind)}
        </li>
      ))}
    </ul>
  );
}

interface DrawingProps {
  lanes: readonly Lane[];
  /** Of the lanes that are drawn; a page of them is. */
  first: number;
  range: [from: number, to: number];
  zoom: number;
  at: Spot;
  walk: (spot: Spot) => void;
  take: (spot: Spot) => void;
}

function Drawing({ lanes, first, range, zoom, at, walk, take }: DrawingProps) {
  const { t } = useI18n();
  const [box, width] = useWidth();
  const drawing = useRef<SVGSVGElement>(null);
  const now = useNow(60_000);
  const [from, to] = range;
  const wide = Math.max(320, width) * zoom;
  const x = (ms: number) => ((ms - from) / (to - from)) * wide;
  const page = lanes.slice(first, first + PAGE);
  const height = HEAD_PX + page.length * LANE_PX;
  const walked = useRef(false);
  useEffect(() => {
    if (!walked.current) return;
    walked.current = false;
    drawing.current?.querySelector<SVGGElement>(`[data-at="${at.lane}-${at.bar}"]`)?.focus();
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") take(at);
    const spot = next(lanes, at, event.key);
    if (!spot) return;
    event.preventDefault();
    walked.current = true;
    walk(spot);
  };
  return (
    <div className="z-timeline-body">
      <ol className="z-timeline-names" style={{ paddingTop: HEAD_PX }}>
        {page.map((lane) => (
          <li key={lane.key} title={lane.label} style={{ height: LANE_PX }}>
            {lane.label}
          </li>
        ))}
      </ol>
      <div className="z-timeline-scroll" ref={box}>
        <svg ref={drawing} width={wide} height={height}>
          <title>{t("dispatch.timeline")}</title>
          <Axis range={range} wide={wide} height={height} />
          {page.map((lane, row) => (
            <LaneBars
              key={lane.key}
              lane={lane}
              row={row}
              no={first + row}
              x={x}
              chosen={at.lane === first + row ? at.bar : null}
              take={(bar) => take({ lane: first + row, bar })}
              press={onKeyDown}
            />
          ))}
          {now > from && now < to ? (
            <line className="z-tl-now" x1={x(now)} x2={x(now)} y1={HEAD_PX - 6} y2={height} />
          ) : null}
        </svg>
      </div>
    </div>
  );
}

function Axis(props: { range: [number, number]; wide: number; height: number }) {
  const { range, wide, height } = props;
  const [from, to] = range;
  return (
    <g>
      {ticks(from, to, wide).map(({ at, day }) => {
        const x = ((at - from) / (to - from)) * wide;
        const [date, clock] = shortMinute(new Date(at).toISOString()).split(" ");
        return (
          <g key={at}>
            <line
              className={day ? "z-tl-day" : "z-tl-tick"}
              x1={x}
              x2={x}
              y1={HEAD_PX - 6}
              y2={height}
            />
            {x < wide - 30 ? (
              <text x={x + 3} y={HEAD_PX - 9} className="z-tl-label">
                {day ? date : clock}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

interface LaneProps {
  lane: Lane;
  /** Its place on the page, and among all. */
  row: number;
  no: number;
  x: (ms: number) => number;
  chosen: number | null;
  take: (bar: number) => void;
  press: (event: KeyboardEvent) => void;
}

function LaneBars({ lane, row, no, x, chosen, take, press }: LaneProps) {
  const tell = useTell();
  const y = HEAD_PX + row * LANE_PX;
  return (
    <g>
      <line className="z-tl-lane" x1={0} x2="100%" y1={y + LANE_PX - 0.5} y2={y + LANE_PX - 0.5} />
      {lane.bars.map((placed, bar) => {
        const [left, right] = [x(placed.from), x(placed.to)];
        const on = chosen === bar;
        return (
          // biome-ignore lint/a11y/useSemanticElements: an SVG has no buttons
          <g
            key={`${placed.from}-${placed.bar.kind}-${placed.bar.id}`}
            role="button"
            tabIndex={on ? 0 : -1}
            data-at={`${no}-${bar}`}
            aria-label={`${lane.label}: ${tell(placed)}`}
            aria-pressed={on}
            onClick={() => take(bar)}
            onKeyDown={press}
          >
            <title>{`${lane.label}: ${tell(placed)}`}</title>
            <rect
              className={`z-tl-bar z-tl-${placed.bar.kind}${on ? " z-tl-on" : ""}`}
              x={left}
              y={y + 3}
              width={Math.max(1.5, right - left)}
              height={LANE_PX - 6}
            />
          </g>
        );
      })}
    </g>
  );
}

/** "Boarding 20:10 - 20:20, 3 persons". */
function useTell(): (placed: Placed) => string {
  const { term } = useI18n();
  return ({ bar }) =>
    [
      term("dispatchBar", bar.kind),
      `${shortMinute(bar.begins)} – ${shortMinute(bar.ends).split(" ")[1]}`,
      bar.label,
    ]
      .filter(Boolean)
      .join(" ");
}

function Told({ lane, placed }: { lane: string; placed: Placed }) {
  const { term } = useI18n();
  const { length } = useFormat();
  const { bar, from, to } = placed;
  return (
    <p className="z-timeline-told" aria-live="polite">
      <b>{lane}</b> <span>{term("dispatchBar", bar.kind)}</span>{" "}
      <Period from={bar.begins} to={bar.ends} /> <span className="z-hint">{length(to - from)}</span>{" "}
      {bar.label}
    </p>
  );
}

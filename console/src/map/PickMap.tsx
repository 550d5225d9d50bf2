import type { PickingInfo } from "@deck.gl/core";
import { ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import { Segmented } from "antd";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { DrawTool } from "./DrawTool.tsx";
import { boundsOf, ownShape } from "./geo.ts";
import { MapView, type Unproject } from "./MapView.tsx";
import { GRADE, INK, STEEL } from "./palette.ts";
import { useGround } from "./useBoundaries.ts";
import { within } from "./within.ts";

/** A place that can be chosen; `told` stands under it, `worse` rings it. */
export interface Dot {
  code: string;
  name: string;
  lon: number;
  lat: number;
  people: number;
  told?: string;
  worse?: boolean;
}

interface Props {
  /** Of the unit whose ground is shown. */
  path: string;
  dots: readonly Dot[];
  shown: ReadonlySet<string>;
  toggle: (code: string) => void;
  add: (codes: readonly string[]) => void;
  label: string;
  /** What a rectangle is pulled around. */
  pull: string;
  note: ReactNode;
}
const TOOLS = ["click", "rectangle", "polygon"] as const;
type Tool = (typeof TOOLS)[number];
/** Room for the tools above and the note below. */
const PADDING = { left: 48, right: 48, top: 72, bottom: 96 };
const HIGH = GRADE.high ?? INK;

function drawn(dots: readonly Dot[], shown: ReadonlySet<string>) {
  const position = (one: Dot): [number, number] => [one.lon, one.lat];
  const key = [...shown].join();
  return [
    new ScatterplotLayer<Dot>({
      id: "dots",
      data: [...dots],
      pickable: true,
      stroked: true,
      radiusUnits: "pixels",
      lineWidthUnits: "pixels",
      getPosition: position,
      getRadius: (one) => Math.min(24, 6 + Math.sqrt(one.people) / 4),
      getFillColor: (one) => (shown.has(one.code) ? [...HIGH, 200] : [...STEEL, 70]),
      getLineColor: (one) => (one.worse ? [...HIGH, 255] : [...STEEL, 255]),
      getLineWidth: (one) => (one.worse ? 3 : 1),
      updateTriggers: { getFillColor: key },
    }),
    new TextLayer<Dot>({
      id: "dot-names",
      data: [...dots],
      getPosition: position,
      getText: (one) => `${shown.has(one.code) ? "✓" : ""}${one.told ?? ""}`,
      getSize: 11,
      getPixelOffset: [0, 22],
      getColor: [...INK, 255],
      fontWeight: 600,
      fontFamily:
        '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif',
      characterSet: "auto",
      updateTriggers: { getText: key },
    }),
  ];
}

/** Places chosen one by one, or all in a rectangle or a polygon; those chosen are filled and
 * ticked.  A list beside it does the same by keyboard. */
export function PickMap({ path, dots, shown, toggle, add, label, pull, note }: Props) {
  const { t, term } = useI18n();
  const { counties, cities, ready } = useGround(path);
  const [tool, setTool] = useState<Tool>("click");
  const [pointed, setPointed] = useState<Dot | null>(null);
  const [unproject, setUnproject] = useState<Unproject | null>(null);
  const layers = useMemo(() => drawn(dots, shown), [dots, shown]);
  const known = counties.data?.features;
  const outline = useMemo(() => ownShape(path, known ?? []), [path, known]);
  const bounds = useMemo(
    () =>
      boundsOf(dots.map((one) => ({ type: "Point", coordinates: [one.lon, one.lat] }))) ??
      boundsOf(outline.map((one) => one.geometry)),
    [dots, outline],
  );
  const onPick = useCallback(
    (info: PickingInfo, how: "hover" | "click") => {
      const one = info.layer?.id === "dots" ? (info.object as Dot | undefined) : undefined;
      if (how === "hover") setPointed(one ?? null);
      else if (one) toggle(one.code);
    },
    [toggle],
  );
  const onReady = useCallback((made: Unproject) => setUnproject(() => made), []);
  return (
    <div className="z-plan-map">
      <Answered query={counties} rows={4}>
        {(data) =>
          ready ? (
            <MapView
              counties={data}
              cities={cities}
              layers={layers}
              bounds={bounds}
              padding={PADDING}
              fitKey={path}
              outline={outline}
              countyNamesFrom={6}
              label={label}
              onPick={onPick}
              onReady={onReady}
            />
          ) : null
        }
      </Answered>
      {tool !== "click" && unproject ? (
        <DrawTool
          shape={tool}
          ground={unproject}
          label={tool === "rectangle" ? pull : t("zonePlan.corners")}
          done={(ring) =>
            add(dots.filter((one) => within([one.lon, one.lat], ring)).map((one) => one.code))
          }
        />
      ) : null}
      <div className="z-plan-tools">
        <Segmented
          size="small"
          aria-label={t("zonePlan.tools")}
          value={tool}
          onChange={setTool}
          options={TOOLS.map((value) => ({ value, label: term("zoneTool", value) }))}
        />
        <span>
          {pointed
            ? `${pointed.name} · ${t("zonePlan.persons", { n: number(pointed.people) })}`
            : term("zoneToolHint", tool)}
        </span>
      </div>
      <p className="z-plan-note">
        {note} {term("boundarySource", counties.data?.source)}
      </p>
    </div>
  );
}

import type { PickingInfo } from "@deck.gl/core";
import { ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import { Segmented } from "antd";
import { useCallback, useMemo, useState } from "react";
import {
  boundsOf,
  DrawTool,
  GRADE,
  INK,
  MapView,
  ownShape,
  STEEL,
  type Unproject,
  useGround,
  within,
} from "@/map/index.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import type { Ground, Village } from "./types.ts";

interface Props {
  ground: Ground;
  shown: ReadonlySet<string>;
  toggle: (code: string) => void;
  add: (codes: readonly string[]) => void;
}
type Placed = Village & { lon: number; lat: number };
const TOOLS = ["click", "rectangle", "polygon"] as const;
type Tool = (typeof TOOLS)[number];
/** Room for the tools above and the note below. */
const PADDING = { left: 48, right: 48, top: 72, bottom: 96 };
const HIGH = GRADE.high ?? INK;

const isPlaced = (one: Village): one is Placed => one.lon !== null && one.lat !== null;

function drawn(villages: readonly Placed[], shown: ReadonlySet<string>) {
  const position = (one: Placed): [number, number] => [one.lon, one.lat];
  const key = [...shown].join();
  return [
    new ScatterplotLayer<Placed>({
      id: "villages",
      data: [...villages],
      pickable: true,
      stroked: true,
      radiusUnits: "pixels",
      lineWidthUnits: "pixels",
      getPosition: position,
      getRadius: (one) => Math.min(24, 6 + Math.sqrt(one.inside.people ?? 0) / 4),
      getFillColor: (one) => (shown.has(one.code) ? [...HIGH, 200] : [...STEEL, 70]),
      getLineColor: (one) => (one.inside.risk > 0 ? [...HIGH, 255] : [...STEEL, 255]),
      getLineWidth: (one) => (one.inside.risk > 0 ? 3 : 1),
      updateTriggers: { getFillColor: key },
    }),
    new TextLayer<Placed>({
      id: "village-names",
      data: [...villages],
      getPosition: position,
      getText: (one) =>
        `${shown.has(one.code) ? "✓" : ""}${one.inside.risk > 0 ? percent(one.inside.risk) : ""}`,
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

/** Villages at the middle of their homes; what is shown as closed is filled and ticked. */
export function PlanMap({ ground, shown, toggle, add }: Props) {
  const { t, term } = useI18n();
  const { counties, cities, ready } = useGround(ground.unit.path);
  const [tool, setTool] = useState<Tool>("click");
  const [pointed, setPointed] = useState<Placed | null>(null);
  const [unproject, setUnproject] = useState<Unproject | null>(null);
  const villages = useMemo(() => ground.villages.filter(isPlaced), [ground]);
  const layers = useMemo(() => drawn(villages, shown), [villages, shown]);
  const known = counties.data?.features;
  const outline = useMemo(() => ownShape(ground.unit.path, known ?? []), [ground, known]);
  const bounds = useMemo(
    () =>
      boundsOf(villages.map((one) => ({ type: "Point", coordinates: [one.lon, one.lat] }))) ??
      boundsOf(outline.map((one) => one.geometry)),
    [villages, outline],
  );
  const onPick = useCallback(
    (info: PickingInfo, how: "hover" | "click") => {
      const one = info.layer?.id === "villages" ? (info.object as Placed | undefined) : undefined;
      if (how === "hover") setPointed(one ?? null);
      else if (one) toggle(one.code);
    },
    [toggle],
  );
  const onReady = useCallback((made: Unproject) => setUnproject(() => made), []);
  const unplaced = ground.villages.length - villages.length;
  return (
    <section className="z-plan-map" aria-label={t("zonePlan.map")}>
      <Answered query={counties} rows={4}>
        {(data) =>
          ready ? (
            <MapView
              counties={data}
              cities={cities}
              layers={layers}
              bounds={bounds}
              padding={PADDING}
              fitKey={ground.unit.code}
              outline={outline}
              countyNamesFrom={6}
              label={t("zonePlan.map")}
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
          label={t(tool === "rectangle" ? "zonePlan.pull" : "zonePlan.corners")}
          done={(ring) =>
            add(villages.filter((one) => within([one.lon, one.lat], ring)).map((one) => one.code))
          }
        />
      ) : null}
      <div className="z-plan-tools">
        <Segmented
          size="small"
          value={tool}
          onChange={setTool}
          options={TOOLS.map((value) => ({ value, label: term("zoneTool", value) }))}
        />
        <span>
          {pointed
            ? `${pointed.name} · ${t("zonePlan.persons", { n: number(pointed.inside.people ?? 0) })}`
            : term("zoneToolHint", tool)}
        </span>
      </div>
      <p className="z-plan-note">
        {t("zonePlan.middles")}
        {unplaced ? ` ${t("zonePlan.unplaced", { n: unplaced })}` : ""}{" "}
        {term("boundarySource", counties.data?.source)}
      </p>
    </section>
  );
}

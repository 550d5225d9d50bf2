import { Checkbox, Tooltip } from "antd";
import { useState } from "react";
import type { MapLayer, MapLayers } from "@/api/types.ts";
import { css, GRADE, type LayerKey, type LayerSpec, SPECS } from "@/map/index.ts";
import { number } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Failure } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { writeLayers } from "./address.ts";

const GROUPS = ["risk", "people", "means"] as const;

interface Props {
  answer: { data: MapLayers | undefined; error: Error | null; refetch: () => unknown };
  shown: ReadonlySet<LayerKey>;
  synthetic: boolean;
}

/** The twelve layers: on or off, what the marks mean, how many, how old. */
export function LayerTree({ answer, shown, synthetic }: Props) {
  const { t, term } = useI18n();
  const { change } = useView();
  const narrow = useNarrow();
  const [open, setOpen] = useState(!narrow);
  const toggle = (key: LayerKey) => {
    const next = new Set(shown);
    if (!next.delete(key)) next.add(key);
    change({ layers: writeLayers(next) });
  };
  return (
    <section className="z-layers">
      <button
        type="button"
        className="z-layers-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t("map.layers")} <i>{open ? "▾" : "▸"}</i>
      </button>
      {open && answer.error && !answer.data ? (
        <Failure error={answer.error} retry={() => answer.refetch()} />
      ) : null}
      {open && answer.data
        ? GROUPS.map((group) => (
            <div key={group}>
              <h3>{term("layerGroup", group)}</h3>
              {SPECS.filter((spec) => spec.group === group).map((spec) => (
                <LayerRow
                  key={spec.key}
                  spec={spec}
                  layer={answer.data?.layers.find((l) => l.key === spec.key)}
                  on={shown.has(spec.key)}
                  toggle={() => toggle(spec.key)}
                />
              ))}
            </div>
          ))
        : null}
      {open ? <p className="z-hint">{t("map.proposedFaint")}</p> : null}
      {open && synthetic ? <p className="z-hint">{t("map.syntheticPlaces")}</p> : null}
    </section>
  );
}

function LayerRow({
  spec,
  layer,
  on,
  toggle,
}: {
  spec: LayerSpec;
  layer: MapLayer | undefined;
  on: boolean;
  toggle: () => void;
}) {
  const { t, term } = useI18n();
  const { ago } = useFormat();
  const { asOf } = useView();
  const now = useNow();
  const age = layer?.age_of_data
    ? ago(layer.age_of_data, asOf ? Date.parse(asOf) : now)
    : t("map.noData");
  const name = term("layer", spec.key);
  return (
    <div className="z-layer">
      <Tooltip title={age} placement="right">
        <Checkbox checked={on} disabled={!layer} onChange={toggle}>
          <Swatch spec={spec} /> {name}
        </Checkbox>
      </Tooltip>
      <span className="z-num">{layer ? number(layer.count) : "–"}</span>
      {on && spec.colour.kind === "grade" ? (
        <div className="z-legend">
          {spec.colour.grades.map((grade) => (
            <span key={grade}>
              <b className={`z-chip z-chip-${grade}`}>{term("gradeLetter", grade)}</b>
              {term("grade", grade)}
            </span>
          ))}
        </div>
      ) : null}
      {on && layer?.suppressed ? <p className="z-hint">{t("map.suppressed")}</p> : null}
    </div>
  );
}

function Swatch({ spec }: { spec: LayerSpec }) {
  const { term } = useI18n();
  const colour = spec.colour.kind === "one" ? spec.colour.rgb : (GRADE.high ?? [0, 0, 0]);
  const letter =
    spec.colour.kind === "one" && spec.shape.kind === "place" ? term("layerLetter", spec.key) : "";
  const shape = spec.shape.kind === "area" ? "z-swatch z-swatch-area" : "z-swatch";
  return (
    <span
      className={spec.shape.kind === "bubble" ? `${shape} z-swatch-bubble` : shape}
      style={{ background: css(colour) }}
    >
      {letter}
    </span>
  );
}

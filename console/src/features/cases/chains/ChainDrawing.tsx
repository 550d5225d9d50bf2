import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from "react";
import type { ChainEdge, ChainGraph } from "@/api/types.ts";
import { type I18n, useI18n } from "@/shared/i18n/context.tsx";
import { Evidence } from "./Evidence.tsx";
import { type Drawing, type Line, layout, pathOf, type Spot } from "./layout.ts";
import { Mark } from "./Mark.tsx";
import { spokenOf } from "./said.ts";
import { evidenceOf, lineage, recordOf, walk } from "./walk.ts";

const WIDTH = 1080;

interface Shown {
  id: string | null;
  edges: readonly ChainEdge[];
}

/** The case on the left, then whom it met and whom they met; arrows walk, Enter opens. */
export function ChainDrawing({
  chains,
  open,
}: {
  chains: ChainGraph;
  open: (contact: number) => void;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const drawing = useMemo(() => layout(chains, WIDTH), [chains]);
  const first = drawing.spots[0]?.node.id ?? "";
  const [at, setAt] = useState(first);
  const [shown, setShown] = useState<Shown>({ id: null, edges: [] });
  const box = useRef<HTMLDivElement>(null);
  const bright = useMemo(
    () => (shown.id === null ? null : lineage(shown.id, chains.edges)),
    [shown.id, chains.edges],
  );
  const look = (id: string) => setShown({ id, edges: evidenceOf(id, chains.edges) });
  const enter = (id: string) => {
    const record = recordOf(id);
    if (record?.kind === "contact") open(record.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") enter(at);
    const to = walk(drawing, at, event.key);
    if (to === null && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (to === null) return;
    setAt(to);
    box.current?.querySelector<SVGGElement>(`[data-id="${CSS.escape(to)}"]`)?.focus();
  };
  const point = (event: MouseEvent) => {
    const { line } = (event.target as SVGElement).dataset;
    const edge = drawing.lines.find((one) => one.key === line)?.edge;
    if (edge) setShown({ id: null, edges: [edge] });
  };
  return (
    <div className="z-chains-body">
      <div
        ref={box}
        role="tree"
        tabIndex={-1}
        aria-label={t("chains.label")}
        onKeyDown={press}
        onMouseOver={point}
        onFocus={() => undefined}
      >
        <svg className="z-chaingraph" viewBox={`0 0 ${drawing.width} ${drawing.height}`}>
          <title>{t("chains.label")}</title>
          <Lines drawing={drawing} bright={bright} />
          {drawing.spots.map((spot) => (
            <Mark
              key={spot.node.id}
              spot={spot}
              leads={drawing.lines.some((line) => line.from === spot)}
              dim={bright !== null && !bright.has(spot.node.id)}
              tabbable={spot.node.id === at}
              look={() => look(spot.node.id)}
              take={() => {
                setAt(spot.node.id);
                enter(spot.node.id);
              }}
            />
          ))}
        </svg>
      </div>
      <Evidence
        name={nameOf(shown, drawing.spots, i18n)}
        edges={shown.edges}
        nodes={chains.nodes}
        more={drawing.spots.find((spot) => spot.node.id === shown.id)?.node.kind === "more"}
      />
    </div>
  );
}

function nameOf(shown: Shown, spots: readonly Spot[], i18n: I18n): string {
  if (shown.id === null) return shown.edges.length ? i18n.t("chains.meeting") : "";
  const spot = spots.find((one) => one.node.id === shown.id);
  return spot ? spokenOf(spot.node, i18n) : "";
}

function Lines({ drawing, bright }: { drawing: Drawing; bright: ReadonlySet<string> | null }) {
  const light = ({ edge }: Line): string => {
    if (bright === null) return "";
    return bright.has(edge.from) && bright.has(edge.to) ? "z-lit" : "z-dim";
  };
  return drawing.lines.map((line) => (
    <g key={line.key} className={light(line)}>
      <path d={pathOf(line)} strokeWidth={line.width} className={classOf(line.edge)} />
      <path d={pathOf(line)} className="z-link-reach" data-line={line.key} />
    </g>
  ));
}

function classOf(edge: ChainEdge): string {
  return `z-link${edge.strongest ? " z-link-strong" : ""}${edge.imputed ? " z-link-imputed" : ""}`;
}

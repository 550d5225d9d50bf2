import type { ChainNode } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Spot } from "./layout.ts";
import { personsOf, spokenOf } from "./said.ts";

interface Props {
  spot: Spot;
  dim: boolean;
  /** Lines leave it to the right, where its name would stand. */
  leads: boolean;
  tabbable: boolean;
  look: () => void;
  take: () => void;
}
const LONGEST = 18;
const cut = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

/** Beside the sign; the case's under it and another's above, out of the way of lines that leave. */
function textAt(node: ChainNode, leads: boolean): { x: number; y: number } {
  if (leads && node.kind !== "case" && node.kind !== "more") return { x: -6, y: -10 };
  switch (node.kind) {
    case "more":
      return { x: 40, y: 4 };
    case "case":
      return { x: -9, y: 26 };
    default:
      return { x: 13, y: 4 };
  }
}

/** About how wide a name is: Chinese signs are twice as wide as Latin ones. */
const widthOf = (name: string, node: ChainNode): number =>
  [...name].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 12 : 7), node.kind === "more" ? 28 : 0);

/** One node: a dot for a person, a diamond for a place, a pill for people not drawn. */
export function Mark({ spot, dim, leads, tabbable, look, take }: Props) {
  const i18n = useI18n();
  const { node, x, y } = spot;
  const said = spokenOf(node, i18n);
  const counted = node.kind === "place" && (node.count !== null || node.below);
  const name = cut(i18n.text(node.label)) + (counted ? ` · ${personsOf(node)}` : "");
  const at = textAt(node, leads);
  return (
    <g
      data-id={node.id}
      className={`z-node${dim ? " z-dim" : ""}${node.state === "excluded" ? " z-node-out" : ""}`}
      transform={`translate(${x} ${y})`}
      role="treeitem"
      aria-label={said}
      tabIndex={tabbable ? 0 : -1}
      onFocus={look}
      onMouseEnter={look}
      onClick={take}
    >
      <title>{said}</title>
      <rect
        className="z-node-focus"
        x={-12}
        y={at.y < 0 ? -23 : -13}
        width={30 + widthOf(name, node)}
        height={at.y < 0 ? 36 : 26}
        rx={4}
      />
      <Shape node={node} />
      {node.kind === "case" ? (
        <rect
          className="z-node-name"
          x={at.x - 3}
          y={at.y - 12}
          width={widthOf(name, node) + 8}
          height={16}
          rx={3}
        />
      ) : null}
      <text x={at.x} y={at.y}>
        {name}
      </text>
    </g>
  );
}

function Shape({ node }: { node: ChainNode }) {
  switch (node.kind) {
    case "place":
      return (
        <rect
          className="z-node-place"
          x={-6}
          y={-6}
          width={12}
          height={12}
          transform="rotate(45)"
        />
      );
    case "more":
      return (
        <>
          <rect className="z-node-more" x={-8} y={-9} width={42} height={18} rx={9} />
          <text className="z-node-count" x={13} y={4}>
            {personsOf(node)}
          </text>
        </>
      );
    case "case":
      return <circle className="z-node-case" r={9} />;
    default:
      return <circle className="z-node-contact" r={6} />;
  }
}

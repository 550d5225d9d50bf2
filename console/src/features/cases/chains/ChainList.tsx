import { Button } from "antd";
import type { ChainGraph, ChainNode } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State } from "@/shared/ui/marks.tsx";
import { Meeting } from "./Evidence.tsx";
import { kindOf, personsOf } from "./said.ts";
import { recordOf } from "./walk.ts";

/** The same chains as sentences: who follows whom, where, how long. */
export function ChainList({
  chains,
  open,
}: {
  chains: ChainGraph;
  open: (contact: number) => void;
}) {
  const nodes = new Map(chains.nodes.map((node) => [node.id, node]));
  return (
    <ul className="z-chainlist">
      {chains.edges.map((edge) => (
        <li key={`${edge.from}-${edge.to}-${edge.first}`}>
          <span className="z-row">
            <Name node={nodes.get(edge.from)} open={open} /> →{" "}
            <Name node={nodes.get(edge.to)} open={open} />
          </span>
          <Meeting edge={edge} />
        </li>
      ))}
    </ul>
  );
}

function Name({ node, open }: { node: ChainNode | undefined; open: (contact: number) => void }) {
  const { t, term, text } = useI18n();
  if (!node) return null;
  const record = recordOf(node.id);
  return (
    <span className="z-row">
      {record?.kind === "contact" ? (
        <Button size="small" type="link" className="z-inline" onClick={() => open(record.id)}>
          {text(node.label)}
        </Button>
      ) : (
        <b>{text(node.label)}</b>
      )}
      <small>
        {kindOf(node, term)}
        {node.kind === "more" ? ` ${t("chains.persons", { n: personsOf(node) })}` : ""}
      </small>
      {node.state && node.kind === "contact" ? (
        <State group="contactState" state={node.state} />
      ) : null}
    </span>
  );
}

import type { ChainEdge, ChainNode } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Imputed, Period, Rule } from "@/shared/ui/marks.tsx";

const MOST = 12;

/** The meetings of the node or line one points at; spoken when it changes. */
export function Evidence({
  name,
  edges,
  nodes,
  more = false,
}: {
  name: string;
  edges: readonly ChainEdge[];
  nodes: readonly ChainNode[];
  more?: boolean;
}) {
  const { t, text } = useI18n();
  const names = new Map(nodes.map((node) => [node.id, text(node.label)]));
  return (
    <aside className="z-chain-evidence" aria-live="polite">
      {name ? <h3>{name}</h3> : <p className="z-hint">{t("chains.point")}</p>}
      {more ? <p>{t("chains.moreHint")}</p> : null}
      <ul>
        {edges.slice(0, MOST).map((edge) => (
          <li key={`${edge.from}-${edge.to}-${edge.first}`}>
            <b>
              {names.get(edge.from)} → {names.get(edge.to)}
            </b>
            <Meeting edge={edge} />
          </li>
        ))}
      </ul>
      {edges.length > MOST ? (
        <p className="z-hint">{t("list.andMore", { n: edges.length - MOST })}</p>
      ) : null}
    </aside>
  );
}

/** Where, from when to when, how long, by which rule. */
export function Meeting({ edge }: { edge: ChainEdge }) {
  const { t, text } = useI18n();
  return (
    <span className="z-meeting">
      {edge.place ? <span>{text(edge.place)}</span> : null}
      {edge.first ? <Period from={edge.first} to={edge.last} /> : null}
      {edge.minutes ? (
        <span className="z-num">
          {t("contact.minutesOf", { n: number(Math.round(edge.minutes)) })}
        </span>
      ) : null}
      <Rule id={edge.rule_id} />
      {edge.imputed ? <Imputed /> : null}
      {edge.strongest ? <span className="z-tag">{t("chains.strongest")}</span> : null}
    </span>
  );
}

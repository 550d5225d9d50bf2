import type { TableProps } from "antd";
import type { Pack } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { RuleLink } from "./RuleLink.tsx";

export type Row = Pack["figures"][number];

/** For a phone all of it in one cell. */
function Card({ figure, pack }: { figure: Row; pack: Pack }) {
  const { text } = useI18n();
  const words = useVocabulary();
  return (
    <span className="z-cell-card">
      <span>{text(figure.title)}</span>
      <b className="z-num">{words.amount(figure.value, figure.unit)}</b>
      <Bounds figure={figure} />
      <span className="z-row">
        <RuleLink pack={pack} id={figure.rule_id} /> <RuleMark mark={figure.mark} />
      </span>
      <small>{[text(figure.source), text(figure.note)].filter(Boolean).join(" · ")}</small>
      <span className="z-code">{figure.key}</span>
    </span>
  );
}

export function useFigureColumns(pack: Pack): TableProps<Row>["columns"] {
  const { t, text } = useI18n();
  const words = useVocabulary();
  const narrow = useNarrow();
  if (narrow)
    return [
      { key: "card", title: t("pack.key"), render: (_, f) => <Card figure={f} pack={pack} /> },
    ];
  return [
    {
      key: "key",
      title: t("pack.key"),
      render: (_, f) => (
        <>
          {text(f.title)} <div className="z-code">{f.key}</div>
        </>
      ),
    },
    {
      key: "value",
      width: 130,
      title: t("pack.value"),
      className: "z-num",
      render: (_, f) => <b>{words.amount(f.value, f.unit)}</b>,
    },
    {
      key: "bounds",
      width: 120,
      title: t("pack.bounds"),
      className: "z-num",
      render: (_, f) => <Bounds figure={f} />,
    },
    {
      key: "rule",
      title: t("pack.rule"),
      width: 190,
      render: (_, f) => (
        <span className="z-row">
          <RuleLink pack={pack} id={f.rule_id} /> <RuleMark mark={f.mark} />
        </span>
      ),
    },
    { key: "source", title: t("pack.source"), width: "22%", render: (_, f) => text(f.source) },
    { key: "note", title: t("pack.note"), width: "16%", render: (_, f) => text(f.note) },
  ];
}

/** How far a decision or a local pack may go. */
export function Bounds({ figure }: { figure: Row }) {
  const { t, term } = useI18n();
  const { minimum, maximum, stricter } = figure;
  if (minimum === null && maximum === null) return <span className="z-none">–</span>;
  const low = minimum === null ? "" : number(minimum);
  const high = maximum === null ? "" : number(maximum);
  const range =
    low && high
      ? `${low} – ${high}`
      : low
        ? t("pack.atLeast", { n: low })
        : t("pack.atMost", { n: high });
  return (
    <>
      {range}
      {stricter ? <div className="z-hint">{term("stricter", stricter)}</div> : null}
    </>
  );
}

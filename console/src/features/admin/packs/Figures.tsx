import { Checkbox, Input, Table, type TableProps } from "antd";
import type { Pack } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { RuleLink } from "./RuleLink.tsx";

type Row = Pack["figures"][number];

/** Every figure the system applies, with its rule, its source, and whether it was read there. */
export function Figures({ pack }: { pack: Pack }) {
  const { t, text } = useI18n();
  const [filters, setFilters] = useFilters(["find", "recalled"] as const);
  const columns = useColumns(pack);
  const find = (filters.find ?? "").toLowerCase();
  const rows = pack.figures
    .filter((figure) => !filters.recalled || !figure.verified)
    .filter((figure) =>
      [figure.key, figure.rule_id, text(figure.title)].some((one) =>
        one.toLowerCase().includes(find),
      ),
    );
  return (
    <>
      <div className="z-filters">
        <Input.Search
          allowClear
          size="small"
          className="z-filter-wide"
          aria-label={t("pack.find")}
          placeholder={t("pack.find")}
          defaultValue={filters.find ?? ""}
          onSearch={(v) => setFilters({ find: v || null })}
        />
        <Checkbox
          checked={Boolean(filters.recalled)}
          onChange={(event) => setFilters({ recalled: event.target.checked ? "1" : null })}
        >
          {t("pack.onlyRecalled")}
        </Checkbox>
        {pack.may_tighten.length ? (
          <span className="z-head-note">
            {t("pack.mayTighten", { keys: pack.may_tighten.join(t("expr.comma")) })}
          </span>
        ) : (
          <span className="z-head-note">{t("pack.mayNotTighten")}</span>
        )}
      </div>
      {rows.length === 0 ? (
        <Empty title={t("pack.noFigure")} hint={t("list.widen")} />
      ) : (
        <Table<Row>
          size="small"
          sticky
          pagination={false}
          rowKey="key"
          columns={columns}
          dataSource={rows}
          scroll={columns?.length === 1 ? {} : { x: 900 }}
        />
      )}
    </>
  );
}

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
      <small>{[figure.source, figure.note].filter(Boolean).join(" · ")}</small>
      <span className="z-code">{figure.key}</span>
    </span>
  );
}

function useColumns(pack: Pack): TableProps<Row>["columns"] {
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
    { key: "source", title: t("pack.source"), dataIndex: "source", width: "22%" },
    { key: "note", title: t("pack.note"), dataIndex: "note", width: "16%" },
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

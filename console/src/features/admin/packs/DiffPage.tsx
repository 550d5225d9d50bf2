import { Select } from "antd";
import { useParams } from "react-router";
import type { Pack, PackChange } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { DiffValue } from "./DiffValue.tsx";
import { PackTrail } from "./PackTrail.tsx";
import { usePack, usePackDiff } from "./queries.ts";
import { figuresOf } from "./said.ts";

/** Two versions side by side: only what differs. */
export function DiffPage() {
  const id = useParams().id ?? "";
  const pack = usePack(id);
  return (
    <section className="z-page z-list">
      <Answered query={pack} rows={10}>
        {(data) => <Diff pack={data} />}
      </Answered>
    </section>
  );
}

function Diff({ pack }: { pack: Pack }) {
  const { t, text } = useI18n();
  const { versions } = pack;
  const [filters, setFilters] = useFilters(["from", "to"] as const);
  const from = filters.from ?? versions[0] ?? pack.version;
  const to = filters.to ?? versions.at(-1) ?? pack.version;
  const options = versions.map((value) => ({ value, label: value }));
  return (
    <>
      <PackTrail pack={{ id: pack.id, name: text(pack.edition) }} tab="amendments" />
      <header className="z-head">
        <h1>{t("diff.title")}</h1>
      </header>
      <div className="z-filters">
        <Select
          aria-label={t("diff.from")}
          value={from}
          options={options}
          onChange={(v) => setFilters({ from: v })}
        />
        <span aria-hidden="true">→</span>
        <Select
          aria-label={t("diff.to")}
          value={to}
          options={options}
          onChange={(v) => setFilters({ to: v })}
        />
      </div>
      {from === to ? (
        <Empty title={t("diff.same")} hint={t("diff.chooseOther")} />
      ) : (
        <Loaded pack={pack} from={from} to={to} />
      )}
    </>
  );
}

function Loaded({ pack, from, to }: { pack: Pack; from: string; to: string }) {
  const { text } = useI18n();
  const diff = usePackDiff(pack.id, from, to);
  const figures = figuresOf(pack, text);
  return (
    <Answered query={diff}>
      {({ changes }) => (
        <Changes changes={changes} from={from} to={to} title={(key) => figures(key)?.title ?? ""} />
      )}
    </Answered>
  );
}

function Changes({
  changes,
  from,
  to,
  title,
}: {
  changes: PackChange[];
  from: string;
  to: string;
  title: (key: string) => string;
}) {
  const { t, term } = useI18n();
  if (changes.length === 0) return <Empty title={t("diff.none")} />;
  const sections = [...new Set(changes.map((one) => one.section))];
  return (
    <table className="z-plain z-diff">
      <thead>
        <tr>
          <th>{t("diff.what")}</th>
          <th>{from}</th>
          <th>{to}</th>
        </tr>
      </thead>
      {sections.map((section) => (
        <tbody key={section}>
          <tr>
            <th colSpan={3} scope="rowgroup">
              {term("packTab", section)}
            </th>
          </tr>
          {changes
            .filter((one) => one.section === section)
            .map((one) => (
              <tr key={one.key} className={`z-diff-${one.what}`}>
                <td>
                  <b className="z-diff-sign">{term("diffWhat", one.what)}</b>{" "}
                  {section === "figures" ? title(one.key) : ""}{" "}
                  <span className="z-code">{one.key}</span>{" "}
                  {one.rule_id === one.key ? null : <small>{one.rule_id}</small>}
                </td>
                <td className="z-diff-before">
                  <DiffValue value={one.before} />
                </td>
                <td className="z-diff-after">
                  <DiffValue value={one.after} />
                </td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

import { Segmented } from "antd";
import type { ChainGraph } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { useChains } from "../queries.ts";
import { ChainDrawing } from "./ChainDrawing.tsx";
import { ChainList } from "./ChainList.tsx";

/** Who met whom, from the case outwards: drawn, or the same as a list. */
export function ChainPanel({ caseId, open }: { caseId: number; open: (contact: number) => void }) {
  const chains = useChains(caseId);
  return (
    <Answered query={chains} rows={10}>
      {(data) => <Shown chains={data} open={open} />}
    </Answered>
  );
}

function Shown({ chains, open }: { chains: ChainGraph; open: (contact: number) => void }) {
  const { t } = useI18n();
  const [{ as }, setFilters] = useFilters(["as"] as const);
  const narrow = useNarrow();
  const list = (as ?? (narrow ? "list" : "drawn")) === "list";
  if (chains.edges.length === 0)
    return <Empty title={t("chains.empty")} hint={t("chains.emptyHint")} />;
  return (
    <section className="z-chains">
      <header className="z-row z-chains-head">
        <Segmented
          size="small"
          aria-label={t("chains.as")}
          value={list ? "list" : "drawn"}
          onChange={(value) => setFilters({ as: value === "list" ? "list" : "drawn" })}
          options={[
            { value: "drawn", label: t("chains.drawn") },
            { value: "list", label: t("chains.list") },
          ]}
        />
        <Legend />
        {chains.left_out > 0 ? (
          <span className="z-waiting">{t("chains.leftOut", { n: chains.left_out })}</span>
        ) : null}
      </header>
      {list ? (
        <ChainList chains={chains} open={open} />
      ) : (
        <ChainDrawing chains={chains} open={open} />
      )}
    </section>
  );
}

function Legend() {
  const { t } = useI18n();
  return (
    <ul className="z-chains-legend" aria-label={t("chains.legend")}>
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <circle cx="7" cy="7" r="6" className="z-node-case" />
        </svg>
        {t("search.case")}
      </li>
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <circle cx="7" cy="7" r="5" className="z-node-contact" />
        </svg>
        {t("chains.person")}
      </li>
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <rect
            x="3"
            y="3"
            width="8"
            height="8"
            transform="rotate(45 7 7)"
            className="z-node-place"
          />
        </svg>
        {t("chains.place")}
      </li>
      <li>
        <svg width="26" height="14" aria-hidden="true">
          <path d="M1,7H25" strokeWidth="4" className="z-link z-link-strong" />
        </svg>
        {t("chains.strongest")}
      </li>
      <li>
        <svg width="26" height="14" aria-hidden="true">
          <path d="M1,7H25" strokeWidth="2" className="z-link z-link-imputed" />
        </svg>
        {t("mark.imputed")}
      </li>
      <li>{t("chains.thickness")}</li>
    </ul>
  );
}

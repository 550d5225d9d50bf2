import type { TableProps } from "antd";
import type { PackBrief } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

export const addressOf = (pack: PackBrief): string => `/admin/packs/${encodeURIComponent(pack.id)}`;

/** For a phone all of it in one cell. */
function Card({ pack }: { pack: PackBrief }) {
  const { t, term, text } = useI18n();
  return (
    <span className="z-cell-card">
      <b>
        <ViewLink path={addressOf(pack)} onClick={(event) => event.stopPropagation()}>
          {text(pack.edition)}
        </ViewLink>
      </b>
      <small>
        {term("disease", pack.disease)} · {term("packTopic", pack.topic)} ·{" "}
        {t(pack.in_force ? "packs.inForce" : "packs.notInForce")}
      </small>
      <Verified of={pack.figures} read={pack.verified_figures} />
    </span>
  );
}

export function usePackColumns(): TableProps<PackBrief>["columns"] {
  const { t, term, text } = useI18n();
  const narrow = useNarrow();
  if (narrow)
    return [
      {
        key: "card",
        title: t("packs.edition"),
        className: "z-wrap",
        render: (_, p) => <Card pack={p} />,
      },
    ];
  return [
    {
      key: "edition",
      title: t("packs.edition"),
      className: "z-wrap",
      render: (_, pack) => (
        <>
          <ViewLink path={addressOf(pack)} onClick={(event) => event.stopPropagation()}>
            {text(pack.edition)}
          </ViewLink>
          <div className="z-code">{pack.version ?? pack.id}</div>
        </>
      ),
    },
    { key: "disease", title: t("packs.disease"), render: (_, p) => term("disease", p.disease) },
    { key: "topic", title: t("packs.topic"), render: (_, p) => term("packTopic", p.topic) },
    {
      key: "force",
      title: t("packs.force"),
      render: (_, pack) => (
        <span className={pack.in_force ? "z-tag z-tag-go" : "z-tag z-tag-done"}>
          {t(pack.in_force ? "packs.inForce" : "packs.notInForce")}
        </span>
      ),
    },
    {
      key: "dates",
      title: t("packs.dates"),
      render: (_, pack) => (
        <>
          <Day on={pack.effective_from} /> –{" "}
          {pack.effective_to ? <Day on={pack.effective_to} /> : t("pack.open")}
        </>
      ),
    },
    {
      key: "verified",
      title: t("packs.verified"),
      render: (_, pack) => <Verified of={pack.figures} read={pack.verified_figures} />,
    },
  ];
}

/** How many figures were read in a source, of how many: a bar doubled by its numbers. */
function Verified({ of, read }: { of: number; read: number }) {
  const share = of ? (100 * read) / of : 0;
  return (
    <span className="z-share">
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: `${share}%` }} />
      </span>
      <span className="z-num">
        {number(read)} / {number(of)}
      </span>
    </span>
  );
}

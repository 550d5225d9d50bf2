import type { TableProps } from "antd";
import type { ContactItem } from "@/api/types.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Imputed, Rule, State, Unit, When } from "@/shared/ui/marks.tsx";
import { degreeOf } from "./kinds.ts";
import { imputedShare } from "./shares.ts";
import { TwoPlaces } from "./TwoPlaces.tsx";

/** Living together is not counted in minutes. */
const lived = (c: ContactItem): boolean =>
  c.minutes === 0 && c.exposures.some((one) => one.setting === "household");

export function useContactColumns<T extends ContactItem>(): NonNullable<TableProps<T>["columns"]> {
  const { t, term, text } = useI18n();
  return [
    {
      key: "degree",
      title: t("contact.degree"),
      render: (_, c) => term("degree", degreeOf(c)),
    },
    {
      key: "name",
      title: t("contact.name"),
      render: (_, c) => (
        <>
          {c.masked_name} {c.is_case ? <b className="z-mark-case">{t("contact.isCase")}</b> : null}{" "}
          {c.two_places ? <TwoPlaces /> : null}
        </>
      ),
    },
    {
      key: "score",
      title: t("contact.scoreShort"),
      render: (_, c) => <Score score={c.score} />,
    },
    { key: "kind", title: t("contact.kind"), render: (_, c) => term("contactKind", c.kind) },
    { key: "unit", title: t("case.unit"), render: (_, c) => <Unit unit={c.unit} /> },
    {
      key: "first",
      title: t("contact.first"),
      render: (_, c) => <When at={c.first_exposure} short />,
    },
    {
      key: "last",
      title: t("contact.last"),
      render: (_, c) => <When at={c.last_exposure} short />,
    },
    {
      key: "minutes",
      title: t("contact.minutes"),
      align: "right",
      render: (_, c) => (
        <span className="z-num">
          {lived(c) ? t("contact.lived") : number(Math.round(c.minutes))}
        </span>
      ),
    },
    {
      key: "imputed",
      title: t("contact.imputedShare"),
      align: "right",
      render: (_, c) => <Assumed contact={c} />,
    },
    {
      key: "places",
      title: t("contact.places"),
      align: "right",
      className: "z-num",
      render: (_, c) => (c.places ? number(c.places) : "–"),
    },
    {
      key: "rule",
      title: t("contact.rule"),
      render: (_, c) => <Rule id={c.rule_id} source={text(c.rule)} />,
    },
    {
      key: "state",
      title: t("field.state"),
      render: (_, c) => <State group="contactState" state={c.state} />,
    },
    { key: "release", title: t("contact.release"), render: (_, c) => <Day on={c.release_on} /> },
  ];
}

/** Where he ranks among those of his degree: 0 to 1, as a bar and a number. */
function Score({ score }: { score: number }) {
  return (
    <span className="z-num z-score">
      <span className="z-bar">
        <i className="z-bar-full" style={{ width: `${Math.min(1, score) * 100}%` }} />
      </span>
      {score.toFixed(2)}
    </span>
  );
}

/** How much of the time together rests on an assumed time out. */
function Assumed({ contact }: { contact: ContactItem }) {
  const share = imputedShare(contact.exposures);
  if (!contact.imputed || !share) return <span className="z-none">–</span>;
  return (
    <span className="z-num">
      {percent(share)} <Imputed />
    </span>
  );
}

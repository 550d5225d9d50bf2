import { ArrowRightOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { useState } from "react";
import type { ChainEnd, ChainLink, ContactDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Imputed, Rule, When } from "@/shared/ui/marks.tsx";

const sameWay = (a: readonly ChainLink[], b: readonly ChainLink[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** From the case to the contact, meeting by meeting: by the first ones, and by the longest. */
export function ChainLinks({ chains }: { chains: ContactDetail["chains"] }) {
  const { t } = useI18n();
  const [which, setWhich] = useState<"earliest" | "strongest">("strongest");
  const one = sameWay(chains.earliest, chains.strongest);
  return (
    <>
      <div className="z-row z-between">
        <h3>{t("contact.chain")}</h3>
        {one ? (
          <small>{t("contact.chainSame")}</small>
        ) : (
          <Segmented
            size="small"
            aria-label={t("contact.chain")}
            value={which}
            onChange={setWhich}
            options={(["strongest", "earliest"] as const).map((value) => ({
              value,
              label: t(`contact.chain.${value}`),
            }))}
          />
        )}
      </div>
      <ol className="z-links">
        {chains[which].map((link) => (
          <Link key={`${link.at}-${link.to.kind}-${link.to.label}`} link={link} />
        ))}
      </ol>
    </>
  );
}

function Link({ link }: { link: ChainLink }) {
  const { t, text } = useI18n();
  return (
    <li>
      <span className="z-row">
        <End end={link.from} /> <ArrowRightOutlined /> <End end={link.to} />
      </span>
      <span className="z-meeting">
        <When at={link.at} short />
        <span>{link.place ? text(link.place) : t("contact.atHome")}</span>
        {link.minutes ? (
          <span className="z-num">
            {t("contact.minutesOf", { n: number(Math.round(link.minutes)) })}
          </span>
        ) : null}
        <Rule id={link.rule_id} />
        {link.imputed ? <Imputed /> : null}
      </span>
    </li>
  );
}

function End({ end }: { end: ChainEnd }) {
  const { term } = useI18n();
  return (
    <span>
      <small>{term("chainNode", end.kind)}</small> <b>{end.label}</b>
    </span>
  );
}

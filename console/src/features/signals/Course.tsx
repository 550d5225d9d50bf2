import type { SignalDeed, SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { read } from "./dismissal.ts";
import type { useDeeds } from "./queries.ts";

interface Props {
  signal: SignalItem;
  deeds: ReturnType<typeof useDeeds>;
}

/** What was known when, and who did what about it. */
export function Course({ signal, deeds }: Props) {
  const { t } = useI18n();
  return (
    <>
      <h3>{t("signal.course")}</h3>
      <ol className="z-events">
        <li>
          <When at={signal.known_at} short />
          <span>
            <b>{t("signal.raisedThen")}</b>
          </span>
        </li>
        <Answered query={deeds} rows={1}>
          {(found) => found.map((deed) => <Deed key={`${deed.at}${deed.action}`} deed={deed} />)}
        </Answered>
      </ol>
      {deeds.data?.length === 0 ? <p className="z-hint">{t("signal.noDeeds")}</p> : null}
    </>
  );
}

function Deed({ deed }: { deed: SignalDeed }) {
  const { t, term } = useI18n();
  const { code, note } = read(deed.reason);
  const said = [code ? term("dismissal", code) : "", note].filter(Boolean).join(" · ");
  return (
    <li>
      <When at={deed.at} short />
      <span>
        <b>{term("signal", deed.action)}</b> {deed.by}{" "}
        {deed.post ? <small>{deed.post}</small> : null}
        {deed.risk ? ` · ${t("signal.risk")} ${term("signalRisk", deed.risk)}` : ""}
        {deed.until ? (
          <>
            {" "}
            · {t("snoozes.until")} <When at={deed.until} short />
          </>
        ) : null}
        {said ? <q>{said}</q> : null}
      </span>
    </li>
  );
}

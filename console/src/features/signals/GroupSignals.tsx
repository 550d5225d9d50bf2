import type { SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Grade, State } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { useSignalsOf } from "./queries.ts";
import { told } from "./told.ts";

/** The other signals that are probably the same outbreak. */
export function GroupSignals({ signal }: { signal: SignalItem }) {
  const { t } = useI18n();
  const { id, signals, counties } = signal.group;
  const all = useSignalsOf(signals > 1 ? [id] : []);
  if (signals < 2) return null;
  return (
    <>
      <h3>
        {t("signal.group")}{" "}
        <small>
          {t(counties.length === 1 ? "signals.reachOne" : "signals.reach", {
            n: signals,
            counties: counties.length,
          })}
        </small>
      </h3>
      <Answered query={all} rows={2}>
        {(found) => <Rows found={found} here={signal.id} />}
      </Answered>
    </>
  );
}

function Rows({ found, here }: { found: readonly SignalItem[]; here: number }) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  const [filters] = useFilters(["shown", "state", "grade", "stream"] as const);
  return (
    <table className="z-plain z-sourcedays">
      <thead>
        <tr>
          <th scope="col">{t("signal.grade")}</th>
          <th scope="col">{t("sources.county")}</th>
          <th scope="col">{t("signal.stream")}</th>
          <th scope="col">{t("signal.date")}</th>
          <th scope="col" className="z-num">
            z
          </th>
          <th scope="col">{asOf ? t("signal.stateNow") : t("field.state")}</th>
        </tr>
      </thead>
      <tbody>
        {found.map((one) => (
          <tr key={one.id}>
            <td>
              <Grade grade={one.grade} word={false} />
            </td>
            <th scope="row">
              {one.id === here ? (
                <b>{one.unit.name}</b>
              ) : (
                <ViewLink path={`/signals/${one.id}`} params={filters}>
                  {one.unit.name}
                </ViewLink>
              )}
            </th>
            <td>{term("stream", one.stream)}</td>
            <td>
              <Day on={one.date} />
            </td>
            <td className="z-num">{told(one.z)}</td>
            <td>
              <State group="signalState" state={one.state} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

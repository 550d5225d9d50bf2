import type { SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { reach } from "./triage.ts";

const NAMED = 6;

/** Before anything is done: how many signals in how many counties, and which. */
export function Reach({ signals, left }: { signals: readonly SignalItem[]; left: number }) {
  const { t, term } = useI18n();
  const { signals: n, counties } = reach(signals);
  return (
    <div className="z-reach">
      <p>
        <b>
          {n === 0
            ? t("signals.reachNone")
            : t(counties === 1 ? "signals.reachOne" : "signals.reach", { n, counties })}
        </b>{" "}
        {left > 0 ? t("signals.reachLeft", { n: left }) : null}
      </p>
      <ul>
        {signals.slice(0, NAMED).map((one) => (
          <li key={one.id}>
            {one.unit.name} · {term("stream", one.stream)} · {one.date}
          </li>
        ))}
        {n > NAMED ? <li>{t("list.andMore", { n: n - NAMED })}</li> : null}
      </ul>
    </div>
  );
}

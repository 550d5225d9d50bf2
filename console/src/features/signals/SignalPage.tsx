import { Button, Radio } from "antd";
import { useMemo, useState } from "react";
import type { SignalItem } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { sentinel } from "@/shared/charts/options.ts";
import { number, probability } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Grade, State, When } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { SubjectClocks } from "@/shared/ui/SubjectClocks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { actionsFor } from "./actions.ts";
import { type SignalAction, useHandle, useSignal } from "./queries.ts";

export function SignalPage({ id }: { id: number }) {
  const signal = useSignal(id);
  return <Answered query={signal}>{(data) => <Signal signal={data} />}</Answered>;
}

const NO_HISTORY: NonNullable<SignalItem["evidence"]["history"]> = [];

/** The series, what was expected of it, and how surprising today is. */
function Signal({ signal }: { signal: SignalItem }) {
  const { t, term } = useI18n();
  const { history = NO_HISTORY, expected_upper = null, tested = null } = signal.evidence;
  const words = useMemo(() => ({ missing: t("chart.missing"), unit: "" }), [t]);
  const option = useMemo(
    () => sentinel(history, expected_upper, words),
    [history, expected_upper, words],
  );
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <h2>
            {signal.unit.name} · {term("stream", signal.stream)}
          </h2>
          <p className="z-row">
            <Grade grade={signal.grade} /> <State group="signalState" state={signal.state} />{" "}
            <Day on={signal.date} />
          </p>
        </header>
        <p>
          {t("signal.sentence", {
            observed: number(signal.observed),
            expected: number(signal.expected),
            z: number(signal.z),
            p: probability(signal.p_value),
          })}
        </p>
        <Chart option={option} height={220} label={t("signal.chart")} />
        <p className="z-hint">{t("signal.legend")}</p>
        <dl className="z-facts">
          <dt>{t("signal.method")}</dt>
          <dd>{signal.method}</dd>
          <dt>{t("signal.upper")}</dt>
          <dd className="z-num">{expected_upper === null ? "–" : number(expected_upper)}</dd>
          <dt>{t("signal.tested")}</dt>
          <dd className="z-num">
            {tested === null
              ? "–"
              : t("signal.testedHint", {
                  n: number(tested),
                  expected: number(Math.round(tested * signal.p_value * 100) / 100),
                })}
          </dd>
          <dt>{t("signal.checked")}</dt>
          <dd>
            {signal.checked_at ? <When at={signal.checked_at} /> : "–"} {signal.check_note}
          </dd>
          <dt>{t("signal.assessed")}</dt>
          <dd>{signal.risk ? `${term("signalRisk", signal.risk)} ${signal.risk_note}` : "–"}</dd>
          <dt>{t("signal.handled")}</dt>
          <dd>{signal.handled_by ? `${signal.handled_by} ${signal.reason}` : "–"}</dd>
          <dt>{t("signal.knownAt")}</dt>
          <dd>
            <When at={signal.known_at} />
          </dd>
        </dl>
        <SubjectClocks kind="signal" id={signal.id} />
      </div>
      <Actions signal={signal} />
    </article>
  );
}

function Actions({ signal }: { signal: SignalItem }) {
  const { t } = useI18n();
  const may = useMay("signal.handle");
  const { asOf } = useView();
  const told = useTold();
  const handle = useHandle(signal.id);
  const [asked, setAsked] = useState<SignalAction | null>(null);
  const [risk, setRisk] = useState<Risk>("low");
  const actions = actionsFor(signal.state);
  if (!may || asOf || actions.length === 0) return null;
  const done = (action: SignalAction, reason: string) =>
    handle.mutate(
      { action, reason, ...(action === "assess" ? { risk } : {}) },
      { onSuccess: () => setAsked(null), onError: told.failed },
    );
  return (
    <footer className="z-actions">
      {actions.map((action, i) => (
        <Button
          key={action}
          type={i === 0 ? "primary" : "default"}
          danger={action === "dismiss"}
          onClick={() => (action === "take" ? done(action, "") : setAsked(action))}
        >
          {t(`signal.${action}`)}
        </Button>
      ))}
      {asked ? (
        <ReasonModal
          open
          title={t(`signal.${asked}`)}
          reach={asked === "assess" ? <RiskChoice risk={risk} choose={setRisk} /> : null}
          label={t(asked === "check" ? "signal.found" : "decision.reason")}
          required
          confirm={t(`signal.${asked}`)}
          danger={asked === "dismiss"}
          busy={handle.isPending}
          close={() => setAsked(null)}
          done={(reason) => done(asked, reason)}
        />
      ) : null}
    </footer>
  );
}

const RISKS = ["low", "moderate", "high", "very_high"] as const;
type Risk = (typeof RISKS)[number];

function RiskChoice({ risk, choose }: { risk: Risk; choose: (risk: Risk) => void }) {
  const { t, term } = useI18n();
  return (
    <Radio.Group
      aria-label={t("signal.risk")}
      value={risk}
      onChange={(event) => choose(event.target.value)}
      options={RISKS.map((value) => ({ value, label: term("signalRisk", value) }))}
    />
  );
}

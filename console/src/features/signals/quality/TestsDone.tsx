import type { SignalQuality } from "@/api/types.ts";
import { number, percent, probability } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** What was tested beside what was raised, and whether the error said is the error made. */
export function TestsDone({ quality }: { quality: SignalQuality }) {
  const { t } = useI18n();
  const { tests, tests_done: done, error_rates: rates } = quality;
  return (
    <>
      <h2 className="z-sub">
        {t("quality.tests")}{" "}
        {done === null ? null : <small>{t("quality.testsDone", { n: number(done) })}</small>}
      </h2>
      {tests === null ? (
        <p className="z-unknown">
          {t("quality.unknown")}
          {t("quality.testsUnknown")}
        </p>
      ) : tests.length === 0 ? (
        <p className="z-unknown">{t("quality.noTests")}</p>
      ) : (
        <div className="z-quality">
          <Streams tests={tests} />
          {rates?.length ? <Rates rates={rates} /> : null}
        </div>
      )}
    </>
  );
}

function Streams({ tests }: { tests: NonNullable<SignalQuality["tests"]> }) {
  const { t, term } = useI18n();
  return (
    <table className="z-plain">
      <thead>
        <tr>
          <th scope="col">{t("signal.stream")}</th>
          <th scope="col">{t("signal.method")}</th>
          <th scope="col" className="z-num">
            {t("quality.tested")}
          </th>
          <th scope="col" className="z-num">
            {t("quality.raised")}
          </th>
          <th scope="col">{t("quality.untested")}</th>
        </tr>
      </thead>
      <tbody>
        {tests.map((one) => (
          <tr key={`${one.stream}${one.method}`}>
            <th scope="row">{term("stream", one.stream)}</th>
            <td>{one.method ? term("signalMethod", one.method) : "–"}</td>
            <td className="z-num">{number(one.tested)}</td>
            <td className="z-num">{number(one.raised)}</td>
            <td>
              {Object.entries(one.untested)
                .map(([why, n]) => `${term("untested", why)} ${number(n)}`)
                .join(t("list.comma")) || "–"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rates({ rates }: { rates: NonNullable<SignalQuality["error_rates"]> }) {
  const { t } = useI18n();
  return (
    <table className="z-plain">
      <thead>
        <tr>
          <th scope="col" className="z-num">
            {t("quality.saidP")}
          </th>
          <th scope="col" className="z-num">
            {t("quality.realP")}
          </th>
          <th scope="col" className="z-num">
            {t("quality.tested")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rates.map((one) => (
          <tr key={one.said}>
            <td className="z-num">{probability(one.said)}</td>
            <td className="z-num">{percent(one.real)}</td>
            <td className="z-num">{number(one.tests)}</td>
          </tr>
        ))}
      </tbody>
      <caption>{t("quality.ratesMeans")}</caption>
    </table>
  );
}

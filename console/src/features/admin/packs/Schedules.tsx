import { ExperimentOutlined } from "@ant-design/icons";
import type { Pack } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ConditionTree } from "@/shared/rules/RuleTree.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { Empty } from "@/shared/ui/states.tsx";
import { RuleLink } from "./RuleLink.tsx";
import { ReleaseList } from "./RuleParts.tsx";
import { figuresOf } from "./said.ts";
import { type DayBox, daysOf } from "./scheduleDays.ts";

type Schedule = Pack["schedules"][number];

/** Days and tests of a measure, day by day. */
export function Schedules({ pack }: { pack: Pack }) {
  const { t } = useI18n();
  if (pack.schedules.length === 0) return <Empty title={t("pack.noSchedule")} />;
  return (
    <>
      {pack.schedules.map((one) => (
        <OneSchedule key={one.id} schedule={one} pack={pack} />
      ))}
    </>
  );
}

function OneSchedule({ schedule, pack }: { schedule: Schedule; pack: Pack }) {
  const { t, term, text } = useI18n();
  const words = useVocabulary(schedule.of);
  const figures = figuresOf(pack, text);
  return (
    <section className="z-part">
      <h2>
        {text(schedule.name)} <RuleLink pack={pack} id={schedule.rule_id} />
      </h2>
      <p className="z-hint">
        {t("pack.scheduleFrom", {
          subject: term("subject", schedule.of),
          anchor: words.fact(schedule.anchor),
          n: schedule.first_day,
        })}{" "}
        {schedule.top_up ? t("pack.topUp") : ""}
      </p>
      {schedule.when ? (
        <ConditionTree expression={schedule.when} subject={schedule.of} figures={figures} />
      ) : null}
      <Days days={daysOf(schedule)} />
      <ol className="z-stages">
        {schedule.stages.map((stage) => (
          <li key={`${stage.place}-${stage.days.key}`}>
            <b>{term("stagePlace", stage.place)}</b>{" "}
            {t("pack.stageSays", {
              sample: term("sampleKind", stage.sample ?? ""),
              pooled: t(stage.pooled ? "pack.pooled" : "pack.single"),
              by: term("stageBy", stage.by ?? ""),
            })}
            {stage.double
              ? ` ${t(stage.double === "last" ? "pack.doubleLast" : "pack.double")}`
              : ""}
          </li>
        ))}
      </ol>
      <ReleaseList release={schedule.release} subject={schedule.of} figures={figures} />
    </section>
  );
}

function Days({ days }: { days: DayBox[] }) {
  const { t, term } = useI18n();
  return (
    <ol className="z-daystrip">
      {days.map((day) => (
        <li key={day.n} className={`z-day-${day.place === "home" ? "home" : "central"}`}>
          <span className="z-num">{t("pack.dayN", { n: day.n })}</span>
          <small>{term("stageShort", day.place)}</small>
          {day.test ? (
            <b title={t("pack.test")}>
              <ExperimentOutlined /> {t("pack.testShort")}
            </b>
          ) : (
            <b aria-hidden="true">&nbsp;</b>
          )}
        </li>
      ))}
    </ol>
  );
}

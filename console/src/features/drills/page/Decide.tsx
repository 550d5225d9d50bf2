import { Button, Checkbox, InputNumber } from "antd";
import { type FormEvent, useState } from "react";
import type { DrillArea, DrillChoice, DrillDetail, DrillEvening } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useKeys } from "@/shared/ui/useKeys.ts";
import { useTold } from "@/shared/ui/useTold.ts";
import { allAreas, NOTHING, reach, same, toggled } from "../choice.ts";
import { useDecide } from "../queries.ts";

interface Props {
  drill: DrillDetail;
  evening: DrillEvening;
  busy: boolean;
}

/** What `ours` would do is ticked; the player ticks, unticks, and lets the next day come. */
export function Decide({ drill, evening, busy }: Props) {
  const { t } = useI18n();
  const told = useTold();
  const decide = useDecide(drill);
  const ours = evening.proposed;
  const [choice, setChoice] = useState<DrillChoice>(ours);
  const may = drill.may_play && !busy && !decide.isPending;
  const next = () => {
    if (may) decide.mutate(choice, { onError: told.failed });
  };
  useKeys(may, (key) => {
    if (key === "n") next();
    else if (key === "o") setChoice(ours);
    else if (key === "x") setChoice(NOTHING);
    else return false;
    return true;
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    next();
  };
  const part = { evening, choice, set: setChoice, off: !may };
  return (
    <form className="z-drill-decide" onSubmit={send} aria-label={t("drill.decide")}>
      <h2 className="z-sub">
        {t("drill.decide")} <small>{t("drill.fromEight")}</small>
      </h2>
      <div className="z-row z-drill-presets">
        <Button size="small" disabled={!may} onClick={() => setChoice(ours)}>
          {t("drill.asOurs")} <kbd>O</kbd>
        </Button>
        <Button size="small" disabled={!may} onClick={() => setChoice(NOTHING)}>
          {t("drill.nothing")} <kbd>X</kbd>
        </Button>
        <span className="z-hint">
          {t(same(choice, ours) ? "drill.likeOurs" : "drill.unlikeOurs")}
        </span>
      </div>
      <Contacts {...part} />
      <Areas {...part} />
      <Everybody {...part} />
      <footer className="z-actions z-drill-foot">
        <Reach choice={choice} evening={evening} people={drill.scenario.people} />
        {drill.may_play ? (
          <Button
            type="primary"
            htmlType="submit"
            className="z-push"
            loading={busy || decide.isPending}
          >
            {t("drill.next")} <kbd>N</kbd>
          </Button>
        ) : (
          <span className="z-hint z-push">{t("drill.onlyReading")}</span>
        )}
      </footer>
    </form>
  );
}

interface PartProps {
  evening: DrillEvening;
  choice: DrillChoice;
  set: (choice: DrillChoice) => void;
  off: boolean;
}

function Contacts({ evening, choice, set, off }: PartProps) {
  const { t, term } = useI18n();
  return (
    <fieldset disabled={off}>
      <legend>{t("drill.contacts")}</legend>
      {evening.contacts.map((one) => (
        <Checkbox
          key={one.degree}
          disabled={off}
          checked={choice.degrees.includes(one.degree)}
          onChange={() => set({ ...choice, degrees: toggled(choice.degrees, one.degree) })}
        >
          {term("drillDegree", String(one.degree))} <b className="z-num">{number(one.people)}</b>{" "}
          <small>
            {t("drill.contactsWhere", {
              held: number(one.held),
              central: number(one.central),
              home: number(one.home),
            })}
          </small>
        </Checkbox>
      ))}
      <div className="z-drill-most">
        <label htmlFor="drill-most">{t("drill.most")}</label>
        <InputNumber
          id="drill-most"
          size="small"
          min={0}
          precision={0}
          disabled={off || choice.degrees.length === 0}
          placeholder={t("drill.noLimit")}
          value={choice.most ?? null}
          onChange={(most) => set({ ...choice, most })}
        />
      </div>
    </fieldset>
  );
}

function Areas({ evening, choice, set, off }: PartProps) {
  const { t } = useI18n();
  const { areas } = evening;
  if (areas.length === 0)
    return (
      <fieldset>
        <legend>{t("drill.areas")}</legend>
        <p className="z-hint">{t("drill.noAreas")}</p>
      </fieldset>
    );
  return (
    <fieldset disabled={off}>
      <legend>{t("drill.areas")}</legend>
      <Checkbox
        disabled={off}
        checked={choice.areas.length === areas.length}
        indeterminate={choice.areas.length > 0 && choice.areas.length < areas.length}
        onChange={() => set(allAreas(choice, evening))}
      >
        {t("drill.allAreas", { n: areas.length })}
      </Checkbox>
      <ul className="z-drill-areas">
        {areas.map((one) => (
          <li key={one.code}>
            <Area
              area={one}
              off={off}
              chosen={choice.areas.includes(one.code)}
              toggle={() => set({ ...choice, areas: toggled(choice.areas, one.code) })}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface AreaProps {
  area: DrillArea;
  off: boolean;
  chosen: boolean;
  toggle: () => void;
}

function Area({ area, off, chosen, toggle }: AreaProps) {
  const { t } = useI18n();
  const name =
    typeof area.building === "number"
      ? t("drill.building", { village: area.village, n: area.building })
      : area.village;
  return (
    <Checkbox disabled={off} checked={chosen} onChange={toggle}>
      {name} <b className="z-num">{t("drill.nPeople", { n: number(area.people) })}</b>{" "}
      <small>
        {t("drill.areaWhy", {
          n: area.cases,
          day: area.last_day == null ? "–" : area.last_day + 1,
        })}
      </small>
    </Checkbox>
  );
}

function Everybody({ evening, choice, set, off }: PartProps) {
  const { t } = useI18n();
  return (
    <fieldset disabled={off}>
      <legend>{t("drill.everybody")}</legend>
      <Checkbox
        disabled={off}
        checked={choice.round}
        onChange={() => set({ ...choice, round: !choice.round })}
      >
        {t("drill.round")}{" "}
        <small>{t(evening.round_due ? "drill.roundDue" : "drill.roundNotDue")}</small>
      </Checkbox>
      <Checkbox
        disabled={off}
        checked={choice.protect}
        onChange={() => set({ ...choice, protect: !choice.protect })}
      >
        {t("drill.protect")} <small>{t("drill.protectWhat", { n: evening.crowded })}</small>
      </Checkbox>
      <Checkbox
        disabled={off}
        checked={choice.lock}
        onChange={() => set({ ...choice, lock: !choice.lock })}
      >
        {t("drill.lock")}{" "}
        <small>
          {t(
            evening.still
              ? "drill.lockStill"
              : evening.lock_due
                ? "drill.lockDue"
                : "drill.lockNotDue",
          )}
        </small>
      </Checkbox>
    </fieldset>
  );
}

interface ReachProps {
  choice: DrillChoice;
  evening: DrillEvening;
  people: number;
}

/** Whom it binds, before it is ordered. */
function Reach({ choice, evening, people }: ReachProps) {
  const { t } = useI18n();
  const { isolated, areas, closed } = reach(choice, evening);
  if (choice.lock) return <p className="z-reach">{t("drill.reachLock", { n: number(people) })}</p>;
  if (!isolated && !areas && !choice.round && !choice.protect)
    return <p className="z-reach">{t("drill.reachNothing")}</p>;
  return (
    <p className="z-reach">
      {t("drill.reachSome", { isolated: number(isolated), areas, closed: number(closed) })}
      {choice.round ? ` · ${t("drill.round")}` : ""}
    </p>
  );
}

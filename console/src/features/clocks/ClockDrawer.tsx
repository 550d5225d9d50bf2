import { Drawer } from "antd";
import type { ClockDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { SubjectLink } from "@/shared/ui/SubjectLink.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { ClockActions } from "./ClockActions.tsx";
import { ClockEvents } from "./ClockEvents.tsx";
import { Computation } from "./Computation.tsx";
import { DueWords, isOpen } from "./DueWords.tsx";
import { Ladder } from "./Ladder.tsx";
import { useClock } from "./queries.ts";

/** One clock: the rule in words, how its time was found, who was told when, what happened. */
export function ClockDrawer({ id, close }: { id: number | null; close: () => void }) {
  const { t } = useI18n();
  const narrow = useNarrow();
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      size={narrow ? "100%" : 560}
      destroyOnHidden
      className="z-drawer z-drawer-clock"
      title={t("clock.title")}
    >
      {id === null ? null : <Loaded id={id} />}
    </Drawer>
  );
}

function Loaded({ id }: { id: number }) {
  const clock = useClock(id);
  return <Answered query={clock}>{(data) => <Clock clock={data} />}</Answered>;
}

function Clock({ clock }: { clock: ClockDetail }) {
  const { t, text } = useI18n();
  return (
    <article className="z-clockpage">
      <div className="z-clockpage-scroll">
        <header>
          <h2>{text(clock.name)}</h2>
          <p className="z-row">
            <State group="clockState" state={clock.state} />
            {isOpen(clock.state) ? (
              <DueWords clock={clock} />
            ) : (
              <When at={clock.stopped_at ?? clock.waived?.at} />
            )}
          </p>
          <p className="z-row">
            <SubjectLink subject={clock.subject} />
            <span>
              {t("clocks.owner")} <b>{clock.owner.name}</b>
            </span>
          </p>
        </header>
        <Waived clock={clock} />
        <h3>{t("clock.rule")}</h3>
        <p className="z-rule-text">
          {text(clock.rule)} <RuleMark id={clock.rule_id} mark={clock.mark} />
        </p>
        {clock.legal_basis ? (
          <p className="z-hint">{t("clock.legal", { text: text(clock.legal_basis) })}</p>
        ) : null}
        <Computation clock={clock} />
        <Ladder clock={clock} />
        <ClockEvents events={clock.events} />
      </div>
      <ClockActions clock={clock} />
    </article>
  );
}

function Waived({ clock }: { clock: ClockDetail }) {
  const { t, term } = useI18n();
  if (!clock.waived) return null;
  const { reason, note, by } = clock.waived;
  return (
    <p className="z-waived">
      {t("clock.waivedBy", { by: term("actor", by), reason: term("waiveReason", reason) })}
      {note ? <q>{note}</q> : null}
    </p>
  );
}

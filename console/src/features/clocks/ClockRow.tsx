import type { KeyboardEvent } from "react";
import type { ClockBrief } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule } from "@/shared/ui/marks.tsx";
import { SubjectLink } from "@/shared/ui/SubjectLink.tsx";
import { DueWords } from "./DueWords.tsx";
import { RemindButton, useReminding } from "./RemindButton.tsx";
import { ShareBar } from "./ShareBar.tsx";

/** Up and down the list from row to row; R reminds the row one stands on. */
function moveTo(from: HTMLElement, by: 1 | -1): void {
  const row = from.closest("li");
  const next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  next?.querySelector<HTMLElement>("[data-clock]")?.focus();
}

/** One thing that is owed: what, about whom, by whom, until when, and what was sent about it. */
export function ClockRow({ clock, open }: { clock: ClockBrief; open: () => void }) {
  const { t, term, text } = useI18n();
  const reminding = useReminding(clock);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") moveTo(event.currentTarget, 1);
    else if (event.key === "ArrowUp") moveTo(event.currentTarget, -1);
    else if (event.key.toLowerCase() === "r") reminding.remind();
    else return;
    event.preventDefault();
  };
  return (
    <li className="z-clockrow">
      <span className="z-clockrow-what">
        <button type="button" data-clock={clock.id} onClick={open} onKeyDown={onKeyDown}>
          {text(clock.name)}
        </button>{" "}
        <Rule id={clock.rule_id} verified={clock.verified} />
        <SubjectLink subject={clock.subject} />
      </span>
      <span className="z-clockrow-owner">{clock.owner.name}</span>
      <DueWords clock={clock} />
      <span className="z-clockrow-share">
        <ShareBar pct={clock.pct} />
        <small>
          {clock.step ? t("clocks.lastStep", { step: term("clockStep", clock.step) }) : ""}
        </small>
      </span>
      <span className="z-clockrow-act">
        <RemindButton state={reminding} />
      </span>
    </li>
  );
}

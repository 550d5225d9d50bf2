import { Tooltip } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { letter } from "./answer.ts";

/** The letter of an option in its colour; the same everywhere. */
export function OptionMark({ at }: { at: number }) {
  return <b className={`z-option-mark z-option-${at % 8}`}>{letter(at)}</b>;
}

/** How far an answer can be trusted, and that nobody in it is real; always to be seen. */
export function AnswerMarks({ label, synthetic }: { label: string; synthetic: boolean }) {
  const { t, term } = useI18n();
  return (
    <>
      <Tooltip title={term("whatifLabelHint", label)}>
        <b className={label === "calibrated" ? "z-tag z-tag-go" : "z-imputed z-whatif-label"}>
          {term("whatifLabel", label)}
        </b>
      </Tooltip>
      {synthetic ? (
        <Tooltip title={t("whatif.syntheticHint")}>
          <b className="z-imputed z-whatif-label">{t("whatif.synthetic")}</b>
        </Tooltip>
      ) : null}
    </>
  );
}

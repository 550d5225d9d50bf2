import { Button, InputNumber } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { type OptionDraft, priced, same } from "../draft.ts";
import type { WhatIfForm } from "../queries.ts";
import type { Tier } from "../shapes.ts";
import { useMeasure } from "../useMeasure.ts";

interface Props {
  option: OptionDraft;
  set: (option: OptionDraft) => void;
  form: WhatIfForm;
}

/** What one of each costs; begins with the pack's figures. */
export function Costs({ option, set, form }: Props) {
  const { t } = useI18n();
  const { name } = useMeasure();
  const usual = priced(form);
  const names = [...new Set([...usual, ...option.costs].map(([measure]) => measure))];
  const change = (measure: string, each: number | null) =>
    set({ ...option, costs: names.flatMap((one) => priceOf(one, measure, each, option.costs)) });
  return (
    <>
      <p className="z-row z-whatif-registers">
        <span className="z-hint">
          {t(same(option.costs, usual) ? "whatif.asPack" : "whatif.notPack")}
        </span>
        <Button
          size="small"
          disabled={same(option.costs, usual)}
          onClick={() => set({ ...option, costs: usual })}
        >
          {t("whatif.takePack")}
        </Button>
      </p>
      <div className="z-whatif-fields">
        {names.map((measure) => (
          <div className="z-whatif-field" key={measure} data-path="costs">
            <span>{name(measure)}</span>
            <InputNumber
              aria-label={name(measure)}
              min={0}
              suffix={t("whatif.perOne")}
              value={option.costs.find(([one]) => one === measure)?.[1] ?? null}
              onChange={(each) => change(measure, each)}
            />
          </div>
        ))}
      </div>
    </>
  );
}

/** The price of one measure after a change; an empty field has none. */
function priceOf(one: string, changed: string, each: number | null, before: Tier[]): Tier[] {
  if (one === changed) return each === null ? [] : [[one, each]];
  const kept = before.find(([measure]) => measure === one);
  return kept ? [kept] : [];
}

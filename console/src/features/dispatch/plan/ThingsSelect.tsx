import { Select } from "antd";
import { useRef, useState } from "react";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Source } from "../planners.ts";
import { type Target, useTargets } from "./useTargets.ts";

export interface Thing {
  thing: string;
  at: string | null;
}

interface Props {
  plan: PlanDetail;
  source: Source;
  id?: string;
  value?: Thing[];
  onChange?: (value: Thing[]) => void;
}

/** Several things of a table, found by typing whether or not their rows are loaded. */
export function ThingsSelect({ plan, source, id, value = [], onChange }: Props) {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const { targets, busy } = useTargets(plan, source, text);
  const seen = useRef(new Map<string, Target>());
  for (const one of targets) seen.current.set(one.value, one);
  const label = (thing: string) => seen.current.get(thing)?.label ?? thing;
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      showSearch={{ filterOption: false, onSearch: setText }}
      labelInValue
      loading={busy}
      value={value.map(({ thing }) => ({ value: thing, label: label(thing) }))}
      onChange={(chosen) =>
        onChange?.(
          chosen.map((one) => ({
            thing: one.value,
            at: seen.current.get(one.value)?.at ?? null,
          })),
        )
      }
      options={[...targets]}
      placeholder={t("dispatch.chooseTarget")}
    />
  );
}

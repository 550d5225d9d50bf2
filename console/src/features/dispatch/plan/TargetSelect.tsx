import { Select } from "antd";
import { useState } from "react";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Source } from "../planners.ts";
import { useTargets } from "./useTargets.ts";

interface Props {
  plan: PlanDetail;
  source: Source;
  /** One that cannot be meant. */
  without?: string;
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

/** One thing of the plan, found by typing; part of a form. */
export function TargetSelect({ plan, source, without, id, value, onChange }: Props) {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const searched = source !== "lanes" && "table" in source;
  const { targets, busy } = useTargets(plan, source, text);
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      showSearch={
        searched ? { filterOption: false, onSearch: setText } : { optionFilterProp: "label" }
      }
      loading={busy}
      options={targets.filter((one) => one.value !== without)}
      placeholder={t("dispatch.chooseTarget")}
    />
  );
}

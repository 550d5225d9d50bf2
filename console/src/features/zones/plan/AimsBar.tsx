import { InputNumber } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Aims } from "./types.ts";

interface Props {
  aims: Aims;
  change: (aims: Aims) => void;
}

export function AimsBar({ aims, change }: Props) {
  const { t } = useI18n();
  return (
    <div className="z-plan-aims">
      <label htmlFor="aim-share">
        <span>{t("zonePlan.share")}</span>
        <InputNumber
          id="aim-share"
          size="small"
          min={1}
          max={100}
          suffix="%"
          value={Math.round(aims.share * 100)}
          onChange={(value) => change({ ...aims, share: (value ?? 100) / 100 })}
        />
      </label>
      <label htmlFor="aim-zones">
        <span>{t("zonePlan.zones")}</span>
        <InputNumber
          id="aim-zones"
          size="small"
          min={1}
          max={200}
          value={aims.zones}
          onChange={(value) => change({ ...aims, zones: value ?? 12 })}
        />
      </label>
      <label htmlFor="aim-peopleTotal">
        <span>{t("zonePlan.peopleTotal")}</span>
        <InputNumber
          id="aim-peopleTotal"
          size="small"
          min={0}
          placeholder={t("zonePlan.none")}
          value={aims.people_total}
          onChange={(value) => change({ ...aims, people_total: value ?? null })}
        />
      </label>
    </div>
  );
}

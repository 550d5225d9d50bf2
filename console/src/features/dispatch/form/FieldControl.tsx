import { DatePicker, Input, InputNumber, Radio, Select, Switch } from "antd";
import dayjs from "dayjs";
import type { FormField } from "@/api/types.ts";
import { beijing, day, minute, shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { usePlansOf } from "../queries.ts";

interface Props {
  field: FormField;
  unit: string;
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

/** One thing the planner asks; part of a form, which hands it value and onChange. */
export function FieldControl({ field, unit, id, value, onChange = () => undefined }: Props) {
  const { term } = useI18n();
  const named = id ? { id } : {};
  switch (field.kind) {
    case "number":
      return (
        <InputNumber
          {...named}
          value={typeof value === "number" ? value : null}
          onChange={onChange}
          {...(field.least === null ? {} : { min: field.least })}
          {...(field.most === null ? {} : { max: field.most })}
        />
      );
    case "flag":
      return <Switch {...named} checked={value === true} onChange={onChange} />;
    case "choice":
      return (
        <Radio.Group
          {...named}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          options={(field.choices ?? []).map((one) => ({
            value: one,
            label: term(`dispatchChoice.${field.key}`, one),
          }))}
        />
      );
    case "moment":
      return (
        <DatePicker
          {...named}
          showTime={{ format: "HH:mm", minuteStep: 15 }}
          format="YYYY-MM-DD HH:mm"
          value={typeof value === "string" ? dayjs(minute(value)) : null}
          onChange={(at) => onChange(at ? beijing(at.format("YYYY-MM-DD HH:mm")) : null)}
        />
      );
    case "date":
      return (
        <DatePicker
          {...named}
          value={typeof value === "string" ? dayjs(day(value)) : null}
          onChange={(at) => onChange(at ? at.format("YYYY-MM-DD") : null)}
        />
      );
    case "plan":
      return <OtherPlan {...named} field={field} unit={unit} value={value} onChange={onChange} />;
    case "unit":
    case "units":
      return (
        <UnitPicker
          {...named}
          {...(typeof value === "string" ? { value } : {})}
          onChange={onChange}
        />
      );
    default:
      return (
        <Input
          {...named}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** An answered plan of another planner, which this one builds on. */
function OtherPlan({ field, unit, id, value, onChange }: Props) {
  const { t, term } = useI18n();
  const plans = usePlansOf(field.planner ?? "rooms", unit);
  return (
    <Select
      {...(id ? { id } : {})}
      {...(onChange ? { onChange } : {})}
      value={typeof value === "number" ? value : null}
      loading={plans.isPending}
      placeholder={t("dispatch.choosePlan", {
        planner: term("dispatchPlanner", field.planner ?? "rooms"),
      })}
      notFoundContent={t("dispatch.noPlanYet", {
        planner: term("dispatchPlanner", field.planner ?? "rooms"),
      })}
      options={(plans.data ?? []).map((one) => ({
        value: one.id,
        label: `${one.title} · ${term("dispatchState", one.state)} · ${shortMinute(one.created_at)}`,
      }))}
    />
  );
}

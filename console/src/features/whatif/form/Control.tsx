import { Button, InputNumber, Select } from "antd";
import { lazy, Suspense, useState } from "react";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Field } from "../fields.ts";
import type { Tier } from "../shapes.ts";
import { useForm } from "./ground.tsx";
import { KindFigures } from "./KindFigures.tsx";
import type { WhatIfArea } from "./places.ts";

const AreaMap = lazy(() => import("./AreaMap.tsx"));

interface Props {
  id: string;
  field: Field;
  value: unknown;
  set: (value: unknown) => void;
  wrong: boolean;
  label: string;
  areas: readonly WhatIfArea[];
}

/** The one control a field is entered with. */
export function Control({ id, field, value, set, wrong, label, areas }: Props) {
  const { t, term } = useI18n();
  const state = wrong ? ({ status: "error" } as const) : {};
  switch (field.kind) {
    case "units":
      return <AreaSelect id={id} areas={areas} label={label} value={value as string[]} set={set} />;
    case "choice":
      return (
        <Select
          id={id}
          aria-label={label}
          value={String(value)}
          onChange={(code: string) => set(typeof value === "number" ? Number(code) : code)}
          options={(field.choices ?? []).map((code) => ({
            value: code,
            label: term(field.words ?? "", code),
          }))}
        />
      );
    case "hour":
    case "until":
      return <HourControl id={id} label={label} field={field} value={value} set={set} {...state} />;
    case "days":
      return (
        <Select
          id={id}
          mode="tags"
          aria-label={label}
          placeholder={t("whatif.noTests")}
          tokenSeparators={[",", " ", "\uff0c", "\u3001"]}
          value={(value as number[]).map(String)}
          onChange={(days: string[]) => set(wholeDays(days))}
          options={[]}
          open={false}
          suffixIcon={null}
        />
      );
    case "kinds":
      return (
        <KindFigures
          label={label}
          share={field.unit === "share"}
          rows={value as Tier[]}
          set={set}
        />
      );
    case "share":
      return (
        <InputNumber
          id={id}
          aria-label={label}
          {...state}
          min={0}
          max={100}
          suffix="%"
          value={Math.round(Number(value) * 1000) / 10}
          onChange={(percent) => set(Number(percent ?? 0) / 100)}
        />
      );
    default:
      return (
        <InputNumber
          id={id}
          aria-label={label}
          {...state}
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
          {...(field.whole ? { precision: 0, ...GROUPED } : {})}
          placeholder={field.empty ? t(`whatif.${emptyWord(field)}`) : ""}
          suffix={field.unit ? term("whatifUnit", field.unit) : undefined}
          value={value as number | null}
          onChange={(n) => set(n ?? (field.empty ? null : (field.min ?? 0)))}
        />
      );
  }
}

/** Thousands are grouped while nobody types. */
export const GROUPED = {
  formatter: (value: number | string | undefined, { userTyping, input }: Typing) =>
    userTyping ? input : value === undefined || value === "" ? "" : number(Number(value)),
  parser: (text: string | undefined) => Number((text ?? "").replaceAll(",", "")),
};
interface Typing {
  userTyping: boolean;
  input: string;
}

const emptyWord = (field: Field): "never" | "enough" =>
  field.key.endsWith("clear_d") ? "never" : "enough";

/** Whole days from the beginning, each once, in order. */
export function wholeDays(typed: readonly string[]): number[] {
  const days = typed.map(Number).filter((day) => Number.isInteger(day) && day >= 0);
  return [...new Set(days)].sort((one, other) => one - other);
}

const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: hour,
  label: `${String(hour).padStart(2, "0")}:00`,
}));

interface HourProps {
  id: string;
  label: string;
  field: Field;
  value: unknown;
  set: (hour: number | null) => void;
  status?: "error";
}

/** An hour counted from the first day, as a day and a time; empty where it may be: to the end. */
function HourControl({ id, label, field, value, set, ...state }: HourProps) {
  const { t } = useI18n();
  const open = field.kind === "until";
  const at = value as number | null;
  const day = at === null ? null : Math.floor(at / 24) + 1;
  const hour = at === null ? 0 : at % 24;
  return (
    <span className="z-whatif-at">
      <InputNumber
        id={id}
        aria-label={`${label}: ${t("whatif.day")}`}
        {...state}
        min={1}
        max={61}
        precision={0}
        placeholder={open ? t("whatif.toTheEnd") : ""}
        prefix={day === null ? undefined : t("whatif.dayPrefix")}
        suffix={day === null ? undefined : t("whatif.daySuffix") || undefined}
        value={day}
        onChange={(n) => set(n === null ? (open ? null : hour) : (n - 1) * 24 + hour)}
      />
      {day === null ? null : (
        <Select
          aria-label={`${label}: ${t("whatif.hour")}`}
          value={hour}
          onChange={(n: number) => set((day - 1) * 24 + n)}
          options={HOURS}
        />
      )}
    </span>
  );
}

interface AreaProps {
  id: string;
  areas: readonly WhatIfArea[];
  label: string;
  value: string[];
  set: (codes: string[]) => void;
}

/** Areas by name, with how many people live there, or on the map; none chosen is everywhere. */
function AreaSelect({ id, areas, label, value, set }: AreaProps) {
  const { t, term } = useI18n();
  const form = useForm();
  const [mapped, setMapped] = useState(false);
  const known = new Set(areas.map((one) => one.code));
  const people = areas
    .filter((one) => value.includes(one.code))
    .reduce((sum, one) => sum + one.people, 0);
  return (
    <>
      <Select
        id={id}
        mode="multiple"
        allowClear
        aria-label={label}
        placeholder={t("whatif.everywhere")}
        maxTagCount={6}
        value={value}
        onChange={set}
        showSearch={{ optionFilterProp: "title" }}
        options={areas.map((one) => ({
          value: one.code,
          title: `${one.name} ${one.code}`,
          label: one.name,
          note: t("whatif.areaNote", {
            kind: term("unitLevel", one.kind),
            n: number(one.people),
          }),
        }))}
        optionRender={({ data }) => (
          <span className="z-row z-between">
            {data.label} <small className="z-num">{data.note}</small>
          </span>
        )}
      />
      {value.length ? (
        <small className="z-num">
          {t("whatif.areasPeople", { n: number(people) })}
          {value.every((code) => known.has(code)) ? "" : ` · ${t("whatif.areasUnknown")}`}
        </small>
      ) : null}
      {form ? (
        <Button
          type="link"
          size="small"
          className="z-inline z-whatif-more"
          aria-expanded={mapped}
          onClick={() => setMapped(!mapped)}
        >
          {t(mapped ? "whatif.mapClose" : "whatif.mapOpen")}
        </Button>
      ) : null}
      {form && mapped ? (
        <div className="z-whatif-map">
          <Suspense>
            <AreaMap form={form} value={value} set={set} label={`${label}: ${t("whatif.map")}`} />
          </Suspense>
        </div>
      ) : null}
    </>
  );
}

import { Alert, Button, Input, InputNumber } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/errors.ts";
import type { DrillForm } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useBegin } from "../queries.ts";

/** In the order of the form; shares are entered in per cent. */
const FIELDS = ["people", "r0", "coverage", "sensitivity", "imported", "days", "seed"] as const;
type Field = (typeof FIELDS)[number];
type Figures = Record<Field, number>;

const isShare = (field: Field): boolean => field === "coverage" || field === "sensitivity";
const STEP: Partial<Record<Field, number>> = { people: 1000, r0: 0.5, coverage: 5, sensitivity: 5 };

/** The figures of a drill with what they mean; nothing is lost when it is refused. */
export function Scenario({ form, picker }: { form: DrillForm; picker: ReactNode }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const begin = useBegin();
  const [title, setTitle] = useState(() => t("drill.titleOf", { county: form.county.name }));
  const [figures, setFigures] = useState(() => usual(form));
  const send = () =>
    begin.mutate(
      { unit: form.unit.code, title: title.trim() || form.county.name, ...figures },
      { onSuccess: (made) => void go(to(`/drills/${made.id}`)) },
    );
  return (
    <form
      className="z-drill-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="z-hint">{t("drill.formHint", { county: form.county.name })}</p>
      {begin.error ? <Refusal error={begin.error} /> : null}
      <div className="z-whatif-head">
        <div className="z-whatif-field z-whatif-title">
          <label htmlFor="drill-title">{t("drill.name")}</label>
          <Input
            id="drill-title"
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        {picker}
      </div>
      <div className="z-drill-fields">
        {FIELDS.map((field) => (
          <Amount
            key={field}
            field={field}
            form={form}
            value={figures[field]}
            set={(value) => setFigures({ ...figures, [field]: value })}
          />
        ))}
      </div>
      <footer className="z-actions">
        <p className="z-reach">{t("drill.reach")}</p>
        <Button type="primary" className="z-push" htmlType="submit" loading={begin.isPending}>
          {t("drill.start")}
        </Button>
      </footer>
    </form>
  );
}

function usual(form: DrillForm): Figures {
  const found = form.limits.map((one) => [one.name, one.usual] as const);
  const seed = 1 + Math.floor(Math.random() * 9_999);
  return { ...(Object.fromEntries(found) as Figures), seed };
}

interface AmountProps {
  field: Field;
  form: DrillForm;
  value: number;
  set: (value: number) => void;
}

function Amount({ field, form, value, set }: AmountProps) {
  const { t, term } = useI18n();
  const limit = form.limits.find((one) => one.name === field);
  if (!limit) return null;
  const scale = isShare(field) ? 100 : 1;
  const shown = (n: number): number => Math.round(n * scale * 100) / 100;
  const unit = isShare(field) ? "%" : term("drillUnit", field);
  return (
    <div className="z-whatif-field">
      <label htmlFor={`drill-${field}`}>{term("drillField", field)}</label>
      <InputNumber
        id={`drill-${field}`}
        min={shown(limit.least)}
        max={shown(limit.most)}
        step={STEP[field] ?? 1}
        {...(field === "r0" ? {} : { precision: 0 })}
        suffix={unit}
        value={shown(value)}
        aria-describedby={`drill-${field}-hint`}
        onChange={(n) => set(n === null ? limit.usual : n / scale)}
      />
      <small id={`drill-${field}-hint`}>
        {t("drill.between", { least: number(shown(limit.least)), most: number(shown(limit.most)) })}
        {" · "}
        {term("drillFieldHint", field)}
      </small>
    </div>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t, text } = useI18n();
  const said = error instanceof ApiError ? text(error.body?.message) : "";
  return <Alert type="error" showIcon className="z-gap" title={said || t("error.failed")} />;
}

import { Form, Input, Radio } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { DispatchForm, UnitRef } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { day } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow, useSession } from "@/shared/view/session.tsx";
import { useScopePath } from "@/shared/view/useScopePath.ts";
import { useView } from "@/shared/view/useView.ts";
import { PLANNERS } from "../planners.ts";
import { useAsk, usePlanForm } from "../queries.ts";
import { FieldControl } from "./FieldControl.tsx";
import { defaults, filled } from "./values.ts";

interface Props {
  close: () => void;
  planner: string | undefined;
}

/** A question to a planner: which, about which unit, and what that planner asks. */
export function NewPlan(props: Props) {
  const { scope } = useSession();
  return scope ? <Here {...props} home={scope} /> : <Asking {...props} first={null} />;
}

function Here({ home, ...props }: Props & { home: UnitRef }) {
  const { here } = useScopePath(home);
  return <Asking key={here.code} {...props} first={here} />;
}

function Asking({ close, planner: wanted, first }: Props & { first: UnitRef | null }) {
  const { t, term } = useI18n();
  const [planner, setPlanner] = useState<string>(wanted ?? PLANNERS[0]);
  const [unit, setUnit] = useState(first?.code ?? null);
  const [form] = Form.useForm();
  const told = useTold();
  const { to } = useView();
  const go = useNavigate();
  const ask = useAsk();
  const asked = usePlanForm(unit, planner);
  const today = day(new Date(useNow()).toISOString());
  const send = ({ title, form: given }: { title: string; form?: Record<string, unknown> }) => {
    if (!asked.data || unit === null) return;
    ask.mutate(
      { planner, unit, title: title.trim(), form: filled(asked.data.fields, given ?? {}) },
      {
        onSuccess: (made) => {
          close();
          void go(to(`/dispatch/${made.id}`));
        },
        onError: told.failed,
      },
    );
  };
  return (
    <Dialog
      open
      width={640}
      title={t("dispatch.new")}
      okText={t("dispatch.compute")}
      onCancel={close}
      onOk={() => form.submit()}
      okButtonProps={{ loading: ask.isPending, disabled: !asked.data }}
    >
      <Form form={form} layout="vertical" requiredMark={false} preserve={false} onFinish={send}>
        <Form.Item label={t("dispatch.planner")} extra={term("dispatchPlannerHint", planner)}>
          <Radio.Group
            className="z-dispatch-planners"
            aria-label={t("dispatch.planner")}
            optionType="button"
            value={planner}
            onChange={(event) => setPlanner(event.target.value)}
            options={PLANNERS.map((one) => ({ value: one, label: term("dispatchPlanner", one) }))}
          />
        </Form.Item>
        <Form.Item label={t("dispatch.unit")} htmlFor="dispatch-unit">
          <UnitPicker
            id="dispatch-unit"
            onChange={setUnit}
            {...(unit ? { value: unit } : {})}
            {...(first ? { first } : {})}
          />
        </Form.Item>
        {unit === null ? (
          <p className="z-hint">{t("dispatch.chooseUnit")}</p>
        ) : (
          <Answered query={asked} rows={4}>
            {(data) => <Rest key={`${planner}-${unit}`} form={data} today={today} />}
          </Answered>
        )}
      </Form>
    </Dialog>
  );
}

/** What is there now, and what this planner asks. */
function Rest({ form, today }: { form: DispatchForm; today: string }) {
  const { t, term } = useI18n();
  const first = defaults(form.fields);
  return (
    <>
      {form.counts.length ? (
        <dl className="z-dispatch-counts" aria-label={t("dispatch.counts")}>
          {form.counts.map((one) => (
            <div key={one.key}>
              <dt>{term("dispatchCount", one.key)}</dt>
              <dd className="z-num">{number(one.value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <Form.Item
        name="title"
        label={t("dispatch.title")}
        initialValue={t("dispatch.titleOf", {
          unit: form.unit.name,
          planner: term("dispatchPlanner", form.planner),
          day: today,
        })}
        rules={[{ required: true, whitespace: true, message: t("form.required") }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      {form.fields.map((field) => (
        <Form.Item
          key={field.key}
          name={["form", field.key]}
          label={term("dispatchField", field.key)}
          initialValue={first[field.key]}
          extra={<Hint of={field.key} />}
          rules={field.required ? [{ required: true, message: t("form.required") }] : []}
        >
          <FieldControl field={field} unit={form.unit.code} />
        </Form.Item>
      ))}
    </>
  );
}

/** A sentence about a field, where there is one. */
function Hint({ of }: { of: string }) {
  const { term } = useI18n();
  const told = term("dispatchFieldHint", of);
  return told === of ? null : told;
}

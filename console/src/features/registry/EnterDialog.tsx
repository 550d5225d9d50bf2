import { Col, Form, Input, InputNumber, Row, Select } from "antd";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { FACTS, FactField } from "./FactField.tsx";
import { KINDS, POOLS, STANDS_IN, STATES, USABLE } from "./kinds.ts";
import { useEnter } from "./queries.ts";
import { WholePicker } from "./WholePicker.tsx";
import { draft, type Wish } from "./wish.ts";

/** Enters a thing that no feed reports; its kind decides what is asked. */
export function EnterDialog({ kind: first, close }: { kind: string; close: () => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Wish>();
  const kind = Form.useWatch("kind", form) ?? first;
  const { to } = useView();
  const go = useNavigate();
  const enter = useEnter();
  const told = useTold();
  const written = [{ required: true, whitespace: true, message: t("form.required") }];
  const send = (wish: Wish) =>
    enter.mutate(draft(wish, FACTS[wish.kind] ?? []), {
      onSuccess: (made) => {
        close();
        void go(to(`/registry/${made.id}`));
      },
      onError: told.failed,
    });
  const whole = STANDS_IN[kind];
  return (
    <Dialog
      open
      title={t("registry.enter")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("registry.enter")}
      okButtonProps={{ loading: enter.isPending }}
    >
      <p className="z-reach">{t("registry.enterReach")}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: first, state: STATES[first]?.[0] }}
        onFinish={send}
      >
        <Form.Item name="kind" label={t("resource.kind")}>
          <Select
            options={KINDS.map((value) => ({ value, label: term("thingKind", value) }))}
            onChange={(next: string) => form.setFieldsValue({ state: STATES[next]?.[0] ?? "" })}
          />
        </Form.Item>
        <Form.Item name="name" label={t("field.name")} rules={written}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          name="code"
          label={t("registry.code")}
          extra={t("registry.codeHint")}
          rules={written}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="unit"
          label={t("field.unit")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <UnitPicker />
        </Form.Item>
        {whole ? (
          <Form.Item
            name="part_of"
            label={`${t("registry.partOf")} (${term("thingKind", whole)})`}
            rules={[{ required: true, message: t("form.required") }]}
          >
            <WholePicker kind={whole} />
          </Form.Item>
        ) : null}
        <State kind={kind} />
        <Amounts kind={kind} />
        {(FACTS[kind] ?? []).map((name) => (
          <FactField key={name} kind={kind} name={name} />
        ))}
        <Place />
      </Form>
    </Dialog>
  );
}

function State({ kind }: { kind: string }) {
  const { t, term } = useI18n();
  const form = Form.useFormInstance<Wish>();
  const state = Form.useWatch("state", form);
  return (
    <>
      <Form.Item name="state" label={t("field.state")}>
        <Select
          options={(STATES[kind] ?? []).map((value) => ({
            value,
            label: term("thingState", value),
          }))}
        />
      </Form.Item>
      {state && !USABLE.includes(state) ? (
        <Form.Item name="opens_in_h" label={t("registry.opensInH")}>
          <InputNumber min={0} max={8760} precision={0} />
        </Form.Item>
      ) : null}
    </>
  );
}

/** How much there is, and how much in an emergency; one of them has to be told. */
function Amounts({ kind }: { kind: string }) {
  const { t, term } = useI18n();
  const pools = POOLS[kind] ?? [];
  const form = Form.useFormInstance<Wish>();
  const some = (_: unknown) => {
    const { capacity = {}, emergency = {} } = form.getFieldsValue(["capacity", "emergency"]);
    return pools.some((pool) => capacity[pool] || emergency[pool])
      ? Promise.resolve()
      : Promise.reject(new Error(t("registry.amountMissing")));
  };
  return pools.map((pool, place) => (
    <Row key={`${kind}.${pool}`} gutter={12}>
      <Col span={12}>
        <Form.Item
          name={["capacity", pool]}
          label={`${t("registry.ordinaryAmount")} (${term("pool", pool)})`}
          rules={place === 0 ? [{ validator: some }] : []}
        >
          <InputNumber min={0} precision={0} />
        </Form.Item>
      </Col>
      <Col span={12}>
        <Form.Item
          name={["emergency", pool]}
          label={`${t("registry.emergencyAmount")} (${term("pool", pool)})`}
        >
          <InputNumber min={0} precision={0} />
        </Form.Item>
      </Col>
    </Row>
  ));
}

/** Both numbers or none. */
function Place() {
  const { t } = useI18n();
  const both = (other: "lon" | "lat") => [
    ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
      validator: (_: unknown, value: unknown) =>
        (value ?? null) === null && typeof getFieldValue(other) === "number"
          ? Promise.reject(new Error(t("registry.placeMissing")))
          : Promise.resolve(),
    }),
  ];
  return (
    <Row gutter={12}>
      <Col span={12}>
        <Form.Item name="lon" label={t("registry.lon")} dependencies={["lat"]} rules={both("lat")}>
          <InputNumber min={-180} max={180} step={0.001} />
        </Form.Item>
      </Col>
      <Col span={12}>
        <Form.Item name="lat" label={t("registry.lat")} dependencies={["lon"]} rules={both("lon")}>
          <InputNumber min={-90} max={90} step={0.001} />
        </Form.Item>
      </Col>
    </Row>
  );
}

import { Form, Input, InputNumber, Radio } from "antd";
import type { ThingDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useChangeState } from "./queries.ts";

interface Wish {
  state: string;
  why: string;
  opens_in_h?: number | null;
}

/** Another state, and why; hours until it can be used, where that is known. */
export function StateDialog({ thing, close }: { thing: ThingDetail; close: () => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Wish>();
  const change = useChangeState(thing.id);
  const told = useTold();
  const send = ({ state, why, opens_in_h }: Wish) =>
    change.mutate(
      { state, why: why.trim(), opens_in_h: opens_in_h ?? null },
      { onSuccess: close, onError: told.failed },
    );
  const standing = thing.holds.filter((one) => one.released_at === null).length;
  return (
    <Dialog
      open
      title={`${thing.name} · ${t("registry.changeState")}`}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("registry.changeState")}
      okButtonProps={{ loading: change.isPending }}
    >
      {standing ? <p className="z-reach">{t("registry.holdsStay", { n: standing })}</p> : null}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ state: thing.state, opens_in_h: thing.opens_in_h }}
        onFinish={send}
      >
        <Form.Item name="state" label={t("field.state")}>
          <Radio.Group
            options={thing.states.map((state) => ({
              value: state,
              label: term("thingState", state),
            }))}
          />
        </Form.Item>
        <Form.Item name="opens_in_h" label={t("registry.opensInH")}>
          <InputNumber min={0} max={8760} precision={0} />
        </Form.Item>
        <Form.Item
          name="why"
          label={t("decision.reason")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

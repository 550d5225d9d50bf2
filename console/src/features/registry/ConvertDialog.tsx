import { Checkbox, Form, Input, Radio } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { TURNING } from "./kinds.ts";
import { useConvert } from "./queries.ts";

interface Wish {
  unit: string;
  mode: string;
  kinds: string[];
  why: string;
}

/** Turns a unit's things to emergency use, or back, in one step. */
export function ConvertDialog({ close }: { close: () => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Wish>();
  const convert = useConvert();
  const told = useTold();
  const required = [{ required: true, message: t("form.required") }];
  return (
    <Dialog
      open
      title={t("registry.convert")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("registry.convert")}
      okButtonProps={{ loading: convert.isPending }}
    >
      <p className="z-reach">{t("registry.convertReach")}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ mode: "emergency", kinds: ["site"] }}
        onFinish={(wish) =>
          convert.mutate(
            { ...wish, why: wish.why.trim() },
            {
              onSuccess: (made) => {
                told.done(t("registry.converted", { n: made.things }));
                close();
              },
              onError: told.failed,
            },
          )
        }
      >
        <Form.Item name="unit" label={t("field.unit")} rules={required}>
          <UnitPicker />
        </Form.Item>
        <Form.Item name="mode" label={t("registry.mode")}>
          <Radio.Group
            options={["emergency", "ordinary"].map((value) => ({
              value,
              label: term("thingMode", value),
            }))}
          />
        </Form.Item>
        <Form.Item name="kinds" label={t("resource.kind")} rules={required}>
          <Checkbox.Group
            options={TURNING.map((value) => ({ value, label: term("thingKind", value) }))}
          />
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

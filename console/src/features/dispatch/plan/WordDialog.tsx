import { Form } from "antd";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import type { Source } from "../planners.ts";
import { TargetSelect } from "./TargetSelect.tsx";

interface Props {
  plan: PlanDetail;
  source: Source;
  word: "pin" | "forbid";
  things: readonly { thing: string; at: string | null }[];
  close: () => void;
  done: (to: string) => void;
}

/** Where the marked things must go, or must not. */
export function WordDialog({ plan, source, word, things, close, done }: Props) {
  const { t } = useI18n();
  const [form] = Form.useForm<{ to: string }>();
  const now = [...new Set(things.map((one) => one.at))];
  const first = word === "forbid" && now.length === 1 ? now[0] : undefined;
  return (
    <Dialog
      open
      title={t(word === "pin" ? "dispatch.pin" : "dispatch.forbid")}
      okText={t("dispatch.collect")}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <p className="z-reach">
        {t(word === "pin" ? "dispatch.pinReach" : "dispatch.forbidReach", {
          n: things.length,
          things: things
            .slice(0, 8)
            .map((one) => one.thing)
            .join(", "),
        })}
      </p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        {...(first ? { initialValues: { to: first } } : {})}
        onFinish={({ to }) => done(to)}
      >
        <Form.Item
          name="to"
          label={t(word === "pin" ? "dispatch.pinTo" : "dispatch.forbidTo")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <TargetSelect plan={plan} source={source} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

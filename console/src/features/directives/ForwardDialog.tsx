import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { api, must } from "@/api/client.ts";
import type { DirectiveDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";

interface Props {
  directive: DirectiveDetail;
  busy: boolean;
  close: () => void;
  done: (toUnits: string[], note: string) => void;
}

/** Hands the order on to units directly below one's own; says to how many before. */
export function ForwardDialog({ directive, busy, close, done }: Props) {
  const { t } = useI18n();
  const [form] = Form.useForm<{ to: string[]; note?: string }>();
  const chosen = Form.useWatch("to", form)?.length ?? 0;
  const { code } = directive.to_unit;
  const below = useQuery({
    queryKey: ["unit-children", code],
    queryFn: () => must(api.GET("/api/v1/units/{code}/children", { params: { path: { code } } })),
  });
  const already = new Set(directive.children.map((child) => child.to_unit.code));
  const options = (below.data ?? [])
    .filter((unit) => !already.has(unit.code))
    .map((unit) => ({ value: unit.code, label: unit.name }));
  return (
    <Dialog
      open
      title={t("directive.forward")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("directive.forward")}
      okButtonProps={{ loading: busy, disabled: chosen === 0 }}
    >
      <p className="z-reach">{t("decision.reach", { n: chosen })}</p>
      <Form form={form} layout="vertical" onFinish={({ to, note }) => done(to, note?.trim() ?? "")}>
        <Form.Item
          name="to"
          label={t("directive.forwardTo")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Select
            mode="multiple"
            loading={below.isPending}
            options={options}
            optionFilterProp="label"
            maxTagCount={8}
          />
        </Form.Item>
        <Form.Item name="note" label={t("directive.noteOptional")}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

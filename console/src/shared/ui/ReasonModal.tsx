import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "./Dialog.tsx";

interface Props {
  open: boolean;
  title: string;
  reach?: ReactNode;
  label: string;
  required: boolean;
  confirm: string;
  busy: boolean;
  danger?: boolean;
  close: () => void;
  done: (text: string) => void;
}

/** Asks for a sentence before something that cannot be taken back, and says its reach first. */
export function ReasonModal({
  open,
  title,
  reach,
  label,
  required,
  confirm,
  busy,
  danger = false,
  close,
  done,
}: Props) {
  const { t } = useI18n();
  const [form] = Form.useForm<{ text?: string }>();
  return (
    <Dialog
      open={open}
      title={title}
      onCancel={close}
      onOk={() => form.submit()}
      okText={confirm}
      okButtonProps={{ danger, loading: busy }}
      destroyOnHidden
    >
      {reach ? <p className="z-reach">{reach}</p> : null}
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        onFinish={({ text }) => done(text?.trim() ?? "")}
      >
        <Form.Item
          name="text"
          label={label}
          rules={[{ required, whitespace: required, message: t("form.required") }]}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

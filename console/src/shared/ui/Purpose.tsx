import { Form, Input, Radio } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "./Dialog.tsx";

/** Whether a sentence is asked for beside the purpose. */
type Note = "required" | "optional" | "none";

interface Fields<P extends string> {
  purpose: P;
  note?: string;
}

/** Why one asks: a purpose of the closed list, and a sentence. Part of a Form. */
export function PurposeFields({ purposes, note }: { purposes: readonly string[]; note: Note }) {
  const { t, term } = useI18n();
  const required = note === "required";
  return (
    <>
      <Form.Item
        name="purpose"
        label={t("identity.purpose")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Radio.Group
          options={purposes.map((value) => ({ value, label: term("purpose", value) }))}
        />
      </Form.Item>
      {note === "none" ? null : (
        <Form.Item
          name="note"
          label={t(required ? "purpose.note" : "identity.note")}
          rules={[{ required, whitespace: required, message: t("form.required") }]}
        >
          <Input maxLength={500} />
        </Form.Item>
      )}
    </>
  );
}

interface Props<P extends string> {
  title: string;
  /** What goes on the record. */
  logged: string;
  confirm: string;
  purposes: readonly P[];
  note?: Note;
  busy: boolean;
  close: () => void;
  done: (asked: { purpose: P; note: string }) => void;
}

/** Asks for what purpose before anything personal is opened. */
export function PurposeModal<P extends string>(props: Props<P>) {
  const { title, logged, confirm, purposes, note = "optional", busy, close, done } = props;
  const [form] = Form.useForm<Fields<P>>();
  return (
    <Dialog
      open
      title={title}
      onCancel={close}
      onOk={() => form.submit()}
      okText={confirm}
      okButtonProps={{ loading: busy }}
    >
      <p className="z-reach">{logged}</p>
      <Form<Fields<P>>
        form={form}
        layout="vertical"
        onFinish={(f) => done({ purpose: f.purpose, note: f.note?.trim() ?? "" })}
      >
        <PurposeFields purposes={purposes} note={note} />
      </Form>
    </Dialog>
  );
}

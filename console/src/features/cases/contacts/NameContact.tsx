import { DatePicker, Form, Input, Select } from "antd";
import type { Dayjs } from "dayjs";
import { beijing } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { CONTACT_KINDS } from "./kinds.ts";
import { useNameContact } from "./queries.ts";

interface Fields {
  id_no: string;
  kind: string;
  when: [Dayjs, Dayjs];
  note: string;
}
const format = "YYYY-MM-DD HH:mm";

/** A contact told on the telephone: by whom he is known, of which of the nine kinds, when. */
export function NameContact({ caseId, close }: { caseId: number; close: () => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Fields>();
  const told = useTold();
  const name = useNameContact(caseId);
  const required = [{ required: true, message: t("form.required") }];
  const send = ({ id_no, kind, when, note }: Fields) =>
    name.mutate(
      {
        id_no: id_no.trim(),
        kind,
        from: beijing(when[0].format(format)),
        to: beijing(when[1].format(format)),
        note: note.trim(),
      },
      {
        onSuccess: () => {
          told.done(t("contact.named"));
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("contact.byHand")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("contact.byHandDo")}
      okButtonProps={{ loading: name.isPending }}
    >
      <p className="z-reach">{t("contact.byHandReach")}</p>
      <Form<Fields> form={form} layout="vertical" onFinish={send}>
        <Form.Item
          name="id_no"
          label={t("identity.idNo")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input autoComplete="off" maxLength={18} />
        </Form.Item>
        <Form.Item name="kind" label={t("contact.kind")} rules={required}>
          <Select
            options={CONTACT_KINDS.map((value) => ({ value, label: term("contactKind", value) }))}
          />
        </Form.Item>
        <Form.Item name="when" label={t("contact.when")} rules={required}>
          <DatePicker.RangePicker showTime={{ format: "HH:mm" }} format={format} />
        </Form.Item>
        <Form.Item
          name="note"
          label={t("contact.byHandNote")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

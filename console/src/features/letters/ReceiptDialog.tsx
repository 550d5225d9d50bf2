import { Form, Input, InputNumber } from "antd";
import type { LetterDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useReceipt } from "./queries.ts";
import {
  type ReceiptAction,
  type ReceiptFields,
  receiptOf,
  tellsFigures,
  wrongFigures,
} from "./receipt.ts";

interface Props {
  letter: LetterDetail;
  action: ReceiptAction;
  idempotency: string;
  close: () => void;
}

/** The receiving county's word: received, so far, or answered, with the figures. */
export function ReceiptDialog({ letter, action, idempotency, close }: Props) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<ReceiptFields>();
  const told = useTold();
  const send = useReceipt(letter.id);
  const done = (fields: ReceiptFields) =>
    send.mutate(
      { ...receiptOf(action, fields), key: idempotency },
      {
        onSuccess: () => {
          told.done(t("letter.receiptSent"));
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={`${term("receiptDo", action)} · ${letter.no}`}
      onCancel={close}
      onOk={() => form.submit()}
      okText={term("receiptDo", action)}
      okButtonProps={{ loading: send.isPending }}
    >
      <p className="z-reach">{t("letter.receiptReach", { unit: letter.from.name })}</p>
      <Form<ReceiptFields> form={form} layout="vertical" onFinish={done}>
        {tellsFigures(action) ? (
          <Figures persons={letter.persons} required={action === "answered"} />
        ) : null}
        <Form.Item name="note" label={t("directive.noteOptional")}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

const FIGURES = ["found", "controlled", "not_found"] as const;

function Figures({ persons, required }: { persons: number; required: boolean }) {
  const { t, term } = useI18n();
  return (
    <>
      <p>{t("letter.of", { n: persons })}</p>
      <div className="z-row z-figures-row">
        {FIGURES.map((name) => (
          <Form.Item
            key={name}
            name={name}
            label={term("receiptFigure", name)}
            dependencies={FIGURES.filter((other) => other !== name)}
            rules={[
              { required, message: t("form.required") },
              ({ getFieldsValue }) => ({
                validator: () => {
                  const wrong = wrongFigures(getFieldsValue(), persons);
                  const mine =
                    wrong === "moreControlled" ? name === "controlled" : name === "not_found";
                  return wrong && mine
                    ? Promise.reject(new Error(t(`letter.${wrong}`)))
                    : Promise.resolve();
                },
              }),
            ]}
          >
            <InputNumber min={0} max={persons} precision={0} />
          </Form.Item>
        ))}
      </div>
    </>
  );
}

import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import type { CaseDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { PURPOSES, type Purpose, useOpenIdentity } from "./queries.ts";

/** Who it is: masked, until opened for a purpose, which is written down. */
export function Identity({
  caseId,
  identity,
}: {
  caseId: number;
  identity: CaseDetail["identity"];
}) {
  const { t } = useI18n();
  const may = useMay("identity.open");
  const told = useTold();
  const opened = useOpenIdentity(caseId);
  const [asking, setAsking] = useState(false);
  const shown = opened.data ?? identity;
  const open = (fields: { purpose: Purpose; note?: string }) =>
    opened.mutate(
      { purpose: fields.purpose, note: fields.note?.trim() ?? "" },
      { onSuccess: () => setAsking(false), onError: told.failed },
    );
  return (
    <section className="z-identity">
      <dl className="z-facts">
        <dt>{t("identity.name")}</dt>
        <dd>{shown.name}</dd>
        <dt>{t("identity.idNo")}</dt>
        <dd className="z-num">{shown.id_no}</dd>
        <dt>{t("identity.address")}</dt>
        <dd>{shown.address}</dd>
      </dl>
      {opened.data ? (
        <Button size="small" icon={<EyeInvisibleOutlined />} onClick={() => opened.reset()}>
          {t("identity.hide")}
        </Button>
      ) : may ? (
        <Button size="small" icon={<EyeOutlined />} onClick={() => setAsking(true)}>
          {t("identity.show")}
        </Button>
      ) : (
        <small className="z-hint">{t("identity.mayNot")}</small>
      )}
      {asking ? (
        <PurposeDialog busy={opened.isPending} close={() => setAsking(false)} done={open} />
      ) : null}
    </section>
  );
}

function PurposeDialog({
  busy,
  close,
  done,
}: {
  busy: boolean;
  close: () => void;
  done: (f: { purpose: Purpose; note?: string }) => void;
}) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<{ purpose: Purpose; note?: string }>();
  return (
    <Modal
      open
      title={t("identity.show")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("identity.open")}
      okButtonProps={{ loading: busy }}
    >
      <p className="z-reach">{t("identity.logged")}</p>
      <Form form={form} layout="vertical" onFinish={done}>
        <Form.Item
          name="purpose"
          label={t("identity.purpose")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Radio.Group
            options={PURPOSES.map((value) => ({ value, label: term("purpose", value) }))}
          />
        </Form.Item>
        <Form.Item name="note" label={t("identity.note")}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

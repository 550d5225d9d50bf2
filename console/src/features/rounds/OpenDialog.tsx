import { Form, Input, InputNumber } from "antd";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useOpenRound } from "./queries.ts";

const HOUR = 3_600_000;

interface Wish {
  unit: string;
  title: string;
  sampling: number;
  results: number;
  expected?: number | null;
}

/** A round that begins now, at all sampling points of a unit. */
export function OpenDialog({ close }: { close: () => void }) {
  const { t } = useI18n();
  const [form] = Form.useForm<Wish>();
  const now = useNow();
  const { to } = useView();
  const go = useNavigate();
  const open = useOpenRound();
  const told = useTold();
  const required = [{ required: true, message: t("form.required") }];
  const send = ({ unit, title, sampling, results, expected }: Wish) =>
    open.mutate(
      {
        unit,
        title: title.trim(),
        opens_at: new Date(now).toISOString(),
        closes_at: new Date(now + sampling * HOUR).toISOString(),
        due_at: new Date(now + (sampling + results) * HOUR).toISOString(),
        expected: expected ?? 0,
        points: [],
      },
      {
        onSuccess: (made) => {
          close();
          void go(to(`/rounds/${made.id}`));
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("rounds.open")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("rounds.open")}
      okButtonProps={{ loading: open.isPending }}
    >
      <p className="z-reach">{t("rounds.openReach")}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ sampling: 12, results: 12 }}
        onFinish={send}
      >
        <Form.Item
          name="title"
          label={t("rounds.title")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="unit" label={t("field.unit")} rules={required}>
          <UnitPicker />
        </Form.Item>
        <Form.Item name="sampling" label={t("rounds.samplingH")} rules={required}>
          <InputNumber min={1} max={72} />
        </Form.Item>
        <Form.Item name="results" label={t("rounds.resultsH")} rules={required}>
          <InputNumber min={0} max={72} />
        </Form.Item>
        <Form.Item name="expected" label={t("rounds.expected")}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

import { Form, InputNumber } from "antd";
import type { RoundPointItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useTellQueue } from "./queries.ts";

/** How many stand in the queue of a point now. */
export function QueueDialog({
  round,
  point,
  close,
}: {
  round: number;
  point: RoundPointItem;
  close: () => void;
}) {
  const { t } = useI18n();
  const [form] = Form.useForm<{ n: number }>();
  const now = useNow();
  const tell = useTellQueue(round);
  const told = useTold();
  return (
    <Dialog
      open
      title={`${point.name} · ${t("rounds.tellQueue")}`}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("rounds.tellQueue")}
      okButtonProps={{ loading: tell.isPending, size: "large" }}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ n: point.queue ?? 0 }}
        onFinish={({ n }) =>
          tell.mutate(
            { point: point.code, n, at: new Date(now).toISOString() },
            { onSuccess: close, onError: told.failed },
          )
        }
      >
        <Form.Item
          name="n"
          label={t("rounds.waitingNow")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <InputNumber min={0} max={100_000} precision={0} size="large" inputMode="numeric" />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

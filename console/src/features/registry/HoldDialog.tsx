import { Form, Input, InputNumber, Radio } from "antd";
import type { ThingDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useHold } from "./queries.ts";

const HOUR = 3_600_000;

interface Wish {
  pool: string;
  amount: number;
  hours?: number | null;
  note?: string;
}

/** Takes some of it from now on; the service refuses what somebody else has. */
export function HoldDialog({ thing, close }: { thing: ThingDetail; close: () => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Wish>();
  const now = useNow();
  const hold = useHold(thing.id);
  const told = useTold();
  const send = ({ pool, amount, hours, note }: Wish) =>
    hold.mutate(
      {
        pool,
        amount,
        begins: new Date(now).toISOString(),
        ends: hours ? new Date(now + hours * HOUR).toISOString() : null,
        note: note?.trim() ?? "",
      },
      { onSuccess: close, onError: told.failed },
    );
  return (
    <Dialog
      open
      title={`${thing.name} · ${t("registry.hold")}`}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("registry.hold")}
      okButtonProps={{ loading: hold.isPending }}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ pool: thing.pools[0]?.pool, amount: 1 }}
        onFinish={send}
      >
        <Form.Item name="pool" label={t("registry.pools")}>
          <Radio.Group
            options={thing.pools.map(({ pool, free }) => ({
              value: pool,
              label: `${term("pool", pool)} (${t("registry.freeNow", { n: free })})`,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="amount"
          label={t("resource.quantity")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <InputNumber min={1} precision={0} />
        </Form.Item>
        <Form.Item name="hours" label={t("registry.forHours")} extra={t("registry.forHoursHint")}>
          <InputNumber min={1} max={8760} precision={0} />
        </Form.Item>
        <Form.Item name="note" label={t("registry.note")}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

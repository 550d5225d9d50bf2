import { DatePicker, Form, Input, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { day } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow, useSession } from "@/shared/view/session.tsx";
import { useScopePath } from "@/shared/view/useScopePath.ts";
import { useMarkBreak } from "./queries.ts";

/** Feeds that count something a day and county. */
const STREAMS = ["fever_clinic", "pharmacy_sales", "school_absences"] as const;
const LEVELS = ["province", "city", "county"] as const;
const EVERY = "";

interface Fields {
  unit: string;
  stream: string;
  day: Dayjs;
  reason: string;
}

/** Marks that a stream counts something else from a day on: where, which, since when, why. */
export function BreakDialog({ close }: { close: () => void }) {
  const { t } = useI18n();
  const [form] = Form.useForm<Fields>();
  const told = useTold();
  const mark = useMarkBreak();
  const today = dayjs(day(new Date(useNow()).toISOString()));
  const send = (fields: Fields) =>
    mark.mutate(
      { ...fields, day: fields.day.format("YYYY-MM-DD"), reason: fields.reason.trim() },
      {
        onSuccess: () => {
          told.done(t("break.marked"));
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("break.mark")}
      okText={t("break.mark")}
      onCancel={close}
      onOk={() => form.submit()}
      okButtonProps={{ loading: mark.isPending }}
    >
      <p className="z-reach">{t("break.reach")}</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ stream: EVERY, day: today }}
        onFinish={send}
      >
        <Where />
        <Since today={today} />
      </Form>
    </Dialog>
  );
}

function Where() {
  const { t, term } = useI18n();
  const { scope } = useSession();
  return (
    <>
      <Form.Item
        name="unit"
        label={t("break.unit")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        {scope ? <Scoped home={scope} /> : <UnitPicker levels={LEVELS} />}
      </Form.Item>
      <Form.Item name="stream" label={t("signal.stream")}>
        <Select
          options={[EVERY, ...STREAMS].map((value) => ({
            value,
            label: value ? term("stream", value) : t("break.every"),
          }))}
        />
      </Form.Item>
    </>
  );
}

function Since({ today }: { today: Dayjs }) {
  const { t } = useI18n();
  return (
    <>
      <Form.Item
        name="day"
        label={t("break.day")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <DatePicker allowClear={false} maxDate={today} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("decision.reason")}
        rules={[{ required: true, whitespace: true, message: t("form.required") }]}
      >
        <Input.TextArea rows={2} maxLength={2000} placeholder={t("break.why")} />
      </Form.Item>
    </>
  );
}

type ScopedProps = Omit<Parameters<typeof UnitPicker>[0], "first" | "levels"> & {
  home: Parameters<typeof useScopePath>[0];
};

/** The unit one looks at is offered first. */
function Scoped({ home, ...field }: ScopedProps) {
  const { here } = useScopePath(home);
  return <UnitPicker {...field} levels={LEVELS} first={here} />;
}

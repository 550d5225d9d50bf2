import { SafetyCertificateOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, DatePicker, Form, type FormInstance, Skeleton } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import type { ReactNode } from "react";
import { beijing, minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PurposeFields } from "@/shared/ui/Purpose.tsx";
import { Failure } from "@/shared/ui/states.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { PURPOSES, type Purpose } from "./questions.ts";

export interface Why {
  purpose: Purpose;
  note: string;
}
interface Asking<Out> {
  data: Out | undefined;
  error: Error | null;
  isPending: boolean;
}
interface Props<F extends Why, Out> {
  form: FormInstance<F>;
  initial?: object;
  send: (fields: F) => void;
  asking: Asking<Out>;
  fields: ReactNode;
  children: (answer: Out) => ReactNode;
}

/** The question on the left, with its purpose; the answer on the right. */
export function QuestionForm<F extends Why, Out>(props: Props<F, Out>) {
  const { form, initial, send, asking, fields, children } = props;
  const { t } = useI18n();
  return (
    <div className="z-question">
      <Form<F>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial ?? {}}
        onFinish={send}
      >
        {fields}
        <PurposeFields purposes={PURPOSES} note="required" />
        <p className="z-logged">
          <SafetyCertificateOutlined /> {t("tracing.logged")}
        </p>
        <Button
          type="primary"
          htmlType="submit"
          icon={<SearchOutlined />}
          loading={asking.isPending}
        >
          {t("tracing.ask")}
        </Button>
      </Form>
      <div className="z-answer" aria-live="polite">
        <Answer asking={asking}>{children}</Answer>
      </div>
    </div>
  );
}

function Answer<Out>({
  asking,
  children,
}: {
  asking: Asking<Out>;
  children: (answer: Out) => ReactNode;
}) {
  const { t } = useI18n();
  if (asking.isPending) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (asking.error) return <Failure error={asking.error} />;
  if (asking.data === undefined) return <p className="z-hint z-answer-none">{t("tracing.none")}</p>;
  return <>{children(asking.data)}</>;
}

const format = "YYYY-MM-DD HH:mm";
export type Range = [Dayjs, Dayjs];

/** What was picked, as instants: the calendar shows Beijing time whatever the machine's zone. */
export const instants = ([from, to]: Range): { from: string; to: string } => ({
  from: beijing(from.format(format)),
  to: beijing(to.format(format)),
});

/** The last `days` days of the headquarters' clock. */
export function useLastDays(days: number): Range {
  const { clock } = useSession();
  const now = dayjs(minute(clock.now));
  return [now.subtract(days, "day"), now];
}

export function RangeField() {
  const { t } = useI18n();
  return (
    <Form.Item
      name="range"
      label={t("tracing.range")}
      rules={[{ required: true, message: t("form.required") }]}
    >
      <DatePicker.RangePicker showTime={{ format: "HH:mm" }} format={format} />
    </Form.Item>
  );
}

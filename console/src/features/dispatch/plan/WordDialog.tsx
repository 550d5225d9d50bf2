import { Form } from "antd";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import type { Source, Worded } from "../planners.ts";
import { TargetSelect } from "./TargetSelect.tsx";
import { type Thing, ThingsSelect } from "./ThingsSelect.tsx";
import { useWordText } from "./useWordText.ts";

export type Saying = "pin" | "forbid" | "swap";

interface Fields {
  things?: Thing[];
  to?: string;
}
interface Props {
  plan: PlanDetail;
  worded: Worded;
  saying: Saying;
  /** Marked in the table; none: they are chosen here. */
  things: readonly Thing[];
  close: () => void;
  done: (things: readonly Thing[], to: string) => void;
}

const NAMED = 8;

/** Of which things a word is said, and where they must go, or must not. */
export function WordDialog({ plan, worded, saying, things, close, done }: Props) {
  const { t } = useI18n();
  const { thing: name } = useWordText(plan);
  const [form] = Form.useForm<Fields>();
  const now = [...new Set(things.map((one) => one.at))];
  const first = saying === "forbid" && now.length === 1 ? now[0] : undefined;
  const asks = things.length === 0;
  const { table, thing: key, at, label } = worded;
  const rows: Source = {
    table,
    ...(key ? { key } : {}),
    ...(at ? { at } : {}),
    ...(label ? { label } : {}),
  };
  const required = { required: true, message: t("form.required") };
  return (
    <Dialog
      open
      title={t(`dispatch.${saying}`)}
      okText={t("dispatch.collect")}
      onCancel={close}
      onOk={() => form.submit()}
    >
      {asks ? null : (
        <p className="z-reach">
          {t(saying === "pin" ? "dispatch.pinReach" : "dispatch.forbidReach", {
            n: things.length,
            things: things
              .slice(0, NAMED)
              .map((one) => name(one.thing))
              .concat(things.length > NAMED ? ["…"] : [])
              .join(", "),
          })}
        </p>
      )}
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        {...(first ? { initialValues: { to: first } } : {})}
        onFinish={(said) => done(said.things ?? things, said.to ?? "")}
      >
        {asks ? (
          <Form.Item
            name="things"
            label={t(saying === "swap" ? "dispatch.swapWhich" : "dispatch.which")}
            rules={[
              required,
              ...(saying === "swap"
                ? [{ type: "array" as const, len: 2, message: t("dispatch.swapTwo") }]
                : []),
            ]}
          >
            <ThingsSelect plan={plan} source={rows} />
          </Form.Item>
        ) : null}
        {worded.targets && saying !== "swap" ? (
          <Form.Item
            name="to"
            label={t(saying === "pin" ? "dispatch.pinTo" : "dispatch.forbidTo")}
            rules={[required]}
          >
            <TargetSelect plan={plan} source={worded.targets} />
          </Form.Item>
        ) : null}
      </Form>
    </Dialog>
  );
}

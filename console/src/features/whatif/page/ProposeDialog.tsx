import { Form, Input, Radio } from "antd";
import { useNavigate } from "react-router";
import type { Comparison } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { optionsOf, personDays, rounded } from "../answer.ts";
import type { Answer } from "../comparison.ts";
import { OptionMark } from "../marks.tsx";
import { usePropose } from "../queries.ts";

interface Props {
  comparison: Comparison;
  answer: Answer;
  close: () => void;
}
interface Fields {
  option: string;
  reason: string;
}

/** Puts one option before those who decide; nothing happens until they have. */
export function ProposeDialog({ comparison, answer, close }: Props) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const told = useTold();
  const [form] = Form.useForm<Fields>();
  const propose = usePropose(comparison.id);
  const send = ({ option, reason }: Fields) =>
    propose.mutate(
      { option, reason: reason.trim() },
      {
        onSuccess: ({ proposal }) => {
          told.done(t("whatif.proposed"));
          void go(to(`/decisions/${proposal}`));
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("whatif.propose")}
      okText={t("whatif.proposeDo")}
      onCancel={close}
      onOk={() => form.submit()}
      okButtonProps={{ loading: propose.isPending }}
    >
      <p className="z-reach">{t("whatif.proposeReach", { unit: comparison.unit.name })}</p>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item
          name="option"
          label={t("whatif.whichOption")}
          rules={[{ required: true, message: t("whatif.chooseOption") }]}
        >
          <Radio.Group className="z-whatif-radios">
            {optionsOf(answer).map((name, at) => (
              <Radio key={name} value={name}>
                <OptionMark at={at} /> {name} <Cost answer={answer} option={name} />
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("decision.reason")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

function Cost({ answer, option }: { answer: Answer; option: string }) {
  const { t } = useI18n();
  const dot = answer.pareto.find((one) => one.option === option);
  if (!dot) return null;
  const range = personDays(answer, option);
  return (
    <small className="z-num">
      {t("whatif.nInfections", { n: number(rounded(dot.infections)) })} ·{" "}
      {t("whatif.nPersonDays", { n: number(rounded(dot.person_days)) })}
      {range ? ` (${range.map((n) => number(rounded(n))).join(" – ")})` : null}
    </small>
  );
}

import { SearchOutlined, SwapOutlined } from "@ant-design/icons";
import { Button, Form, Input, Skeleton } from "antd";
import { useState } from "react";
import { idempotencyKey } from "@/api/client.ts";
import type { Pair } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { Failure } from "@/shared/ui/states.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { PersonWords, spoken } from "./PersonWords.tsx";
import { type Numbers, useMerge, usePair } from "./queries.ts";

/** Two numbers on the left; who they are, masked, on the right, and the step from there. */
export function Pairing() {
  const { t } = useI18n();
  const [form] = Form.useForm<Numbers>();
  const [asked, setAsked] = useState<Numbers | null>(null);
  const pair = usePair();
  const look = ({ keep, other }: Numbers) => {
    const numbers = { keep: keep.trim(), other: other.trim() };
    setAsked(numbers);
    pair.mutate(numbers);
  };
  const swap = () => {
    const { keep, other } = form.getFieldsValue();
    form.setFieldsValue({ keep: other, other: keep });
    if (asked) look({ keep: asked.other, other: asked.keep });
  };
  const again = () => {
    form.resetFields();
    setAsked(null);
    pair.reset();
  };
  return (
    <div className="z-question">
      <Form<Numbers> form={form} layout="vertical" requiredMark={false} onFinish={look}>
        <NumberField name="keep" label={t("persons.keep")} />
        <NumberField name="other" label={t("persons.other")} apartFrom="keep" />
        <div className="z-row">
          <Button
            type="primary"
            htmlType="submit"
            icon={<SearchOutlined />}
            loading={pair.isPending}
          >
            {t("persons.check")}
          </Button>
          <Button icon={<SwapOutlined />} onClick={swap}>
            {t("persons.swap")}
          </Button>
        </div>
      </Form>
      <div className="z-answer z-answer-short" aria-live="polite">
        {pair.isPending ? <Skeleton active title={false} paragraph={{ rows: 4 }} /> : null}
        {pair.error ? <Failure error={pair.error} /> : null}
        {pair.isIdle ? <p className="z-hint z-answer-none">{t("persons.none")}</p> : null}
        {pair.data && asked ? <Checked pair={pair.data} numbers={asked} done={again} /> : null}
      </div>
    </div>
  );
}

function NumberField({
  name,
  label,
  apartFrom,
}: {
  name: keyof Numbers;
  label: string;
  apartFrom?: keyof Numbers;
}) {
  const { t } = useI18n();
  return (
    <Form.Item
      name={name}
      label={label}
      dependencies={apartFrom ? [apartFrom] : []}
      rules={[
        { required: true, whitespace: true, message: t("form.required") },
        ({ getFieldValue }) => ({
          validator: (_, value?: string) =>
            apartFrom && value?.trim() && value.trim() === getFieldValue(apartFrom)?.trim()
              ? Promise.reject(new Error(t("persons.same")))
              : Promise.resolve(),
        }),
      ]}
    >
      <Input autoComplete="off" spellCheck={false} maxLength={32} className="z-num" />
    </Form.Item>
  );
}

/** The two, side by side, and what merging them will do. */
function Checked({ pair, numbers, done }: { pair: Pair; numbers: Numbers; done: () => void }) {
  const { t } = useI18n();
  const told = useTold();
  const merge = useMerge();
  const [key, setKey] = useState<string | null>(null);
  const send = (reason: string) =>
    merge.mutate(
      { ...numbers, reason, key: key ?? idempotencyKey() },
      {
        onSuccess: () => {
          told.done(t("persons.merged"));
          setKey(null);
          done();
        },
        onError: told.failed,
      },
    );
  const names = { keep: spoken(pair.keep.person), other: spoken(pair.other.person) };
  return (
    <>
      <div className="z-pair">
        <One title={t("persons.kept")} one={pair.keep} />
        <One title={t("persons.into")} one={pair.other} />
      </div>
      {pair.merged ? (
        <p className="z-waiting">{t("persons.already")}</p>
      ) : (
        <Button type="primary" onClick={() => setKey(idempotencyKey())}>
          {t("persons.merge")}
        </Button>
      )}
      <ReasonModal
        open={key !== null}
        title={t("persons.merge")}
        reach={t("persons.mergeReach", names)}
        label={t("persons.reason")}
        required
        confirm={t("persons.merge")}
        busy={merge.isPending}
        close={() => setKey(null)}
        done={send}
      />
    </>
  );
}

function One({ title, one }: { title: string; one: Pair["keep"] }) {
  const { t } = useI18n();
  return (
    <section>
      <h3>{title}</h3>
      <PersonWords person={one.person} />
      <dl className="z-facts">
        <dt>{t("desk.cases")}</dt>
        <dd className="z-num">{number(one.cases)}</dd>
        <dt>{t("persons.contacts")}</dt>
        <dd className="z-num">{number(one.contacts)}</dd>
      </dl>
    </section>
  );
}

import { Button, Form } from "antd";
import { ApiError } from "@/api/errors.ts";
import type { Judgement, Pack, PackRule } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Sign, TraceTree } from "@/shared/rules/RuleTree.tsx";
import { findFact } from "@/shared/rules/vocabulary.ts";
import { FactInput } from "./FactInput.tsx";
import { factFrom, fieldOf } from "./factFields.ts";
import { useJudge } from "./queries.ts";
import { OutcomeList } from "./RuleParts.tsx";
import { factsIn, figuresOf, literalsNear } from "./said.ts";

type Fields = Record<string, unknown>;

/** Facts in, judgement out, with the way to it; nothing is stored. */
export function TryIt({ rule, pack }: { rule: PackRule; pack: Pack }) {
  const { t } = useI18n();
  const [form] = Form.useForm<Fields>();
  const judge = useJudge(pack.id);
  const names = factsIn(rule.when);
  const send = (fields: Fields) => {
    const facts: Record<string, unknown> = {};
    for (const name of names) {
      const value = factFrom(fieldOf(findFact(name, rule.of)), fields[name.replaceAll(".", "/")]);
      if (value !== undefined) facts[name] = value;
    }
    judge.mutate({ rule_id: rule.rule_id, facts: nested(facts) });
  };
  return (
    <section className="z-tryit">
      <h2>{t("try.title")}</h2>
      <p className="z-hint">{t("try.hint")}</p>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={send}>
        {names.map((name) => (
          <FactInput
            key={name}
            name={name}
            subject={rule.of}
            known={literalsNear(rule.when, name)}
          />
        ))}
        <div className="z-row">
          <Button type="primary" htmlType="submit" loading={judge.isPending}>
            {t("try.judge")}
          </Button>
          <Button
            onClick={() => {
              form.resetFields();
              judge.reset();
            }}
          >
            {t("try.clear")}
          </Button>
        </div>
      </Form>
      {judge.error ? <Refused error={judge.error} /> : null}
      {judge.data ? <Result judgement={judge.data} pack={pack} /> : null}
    </section>
  );
}

/** Facts with dots in their names are parts of a mapping. */
export function nested(facts: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(facts)) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let place = found;
    for (const name of names) {
      const next = (place[name] ?? {}) as Record<string, unknown>;
      place[name] = next;
      place = next;
    }
    place[last] = value;
  }
  return found;
}

function Refused({ error }: { error: Error }) {
  const { t, text } = useI18n();
  const words = error instanceof ApiError ? text(error.body?.message) : "";
  return (
    <p className="z-overdue" role="alert">
      {words || t("error.failed")}
    </p>
  );
}

function Result({ judgement, pack }: { judgement: Judgement; pack: Pack }) {
  const { t, text } = useI18n();
  const { held, trace, subject, outcome } = judgement;
  const state = trace.unknown ? "unknown" : held ? "held" : "failed";
  return (
    <div className="z-result" aria-live="polite">
      <h2 className="z-sub">
        <Sign outcome={state} /> {t(`try.${state}`)}
      </h2>
      <TraceTree trace={trace} subject={subject} figures={figuresOf(pack, text)} />
      {Object.keys(outcome).length ? (
        <>
          <h2 className="z-sub">{t("pack.then")}</h2>
          <OutcomeList outcome={outcome} pack={pack} subject={subject} />
        </>
      ) : null}
    </div>
  );
}

import { useParams } from "react-router";
import type { Pack, PackRule } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { ConditionTree } from "@/shared/rules/RuleTree.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { PackTrail } from "./PackTrail.tsx";
import { usePack } from "./queries.ts";
import { RuleFigures } from "./RuleFigures.tsx";
import { OutcomeList, ReleaseList } from "./RuleParts.tsx";
import { figuresOf } from "./said.ts";
import { TryIt } from "./TryIt.tsx";

export function RulePage() {
  const { id = "", rule = "" } = useParams();
  const pack = usePack(id);
  return (
    <section className="z-page z-list">
      <Answered query={pack} rows={12}>
        {(data) => <Found pack={data} ruleId={rule} />}
      </Answered>
    </section>
  );
}

function Found({ pack, ruleId }: { pack: Pack; ruleId: string }) {
  const { t, text } = useI18n();
  const rule = pack.rules.find((one) => one.rule_id === ruleId);
  const back = `/admin/packs/${encodeURIComponent(pack.id)}`;
  if (!rule) return <NotFound back={back} name={text(pack.edition)} />;
  return (
    <>
      <PackTrail pack={{ id: pack.id, name: text(pack.edition) }} tab="rules" />
      <header className="z-rulehead">
        <h1>
          {rule.rule_id} <RuleMark mark={rule.mark} />
        </h1>
        <p className="z-rule-text">{text(rule.text)}</p>
        <Origin rule={rule} version={pack.version} />
      </header>
      <div className={rule.of ? "z-rulepage" : ""}>
        <div>
          {rule.of ? <Logic rule={rule} pack={pack} /> : <p>{t("pack.wordsOnly")}</p>}
          <RuleFigures rule={rule} pack={pack} />
        </div>
        {rule.of && rule.when !== null ? <TryIt rule={rule} pack={pack} /> : null}
      </div>
    </>
  );
}

function Origin({ rule, version }: { rule: PackRule; version: string }) {
  const { t, text } = useI18n();
  return (
    <p className="z-head-note">
      {version}
      {rule.legal_basis ? ` · ${t("clock.legal", { text: text(rule.legal_basis) })}` : ""}
      {rule.source.length
        ? ` · ${t("pack.sources", { text: rule.source.map(text).join(t("expr.semicolon")) })}`
        : ""}
    </p>
  );
}

function Logic({ rule, pack }: { rule: PackRule; pack: Pack }) {
  const { t, term, text } = useI18n();
  const figures = figuresOf(pack, text);
  const escalation = pack.escalations.find((one) => one.id === rule.escalate);
  return (
    <>
      <h2 className="z-sub">
        {t("pack.when")}{" "}
        <small>{t("pack.judges", { subject: term("subject", rule.of ?? "") })}</small>
      </h2>
      {rule.when === null ? (
        <p>{t("pack.always")}</p>
      ) : (
        <ConditionTree expression={rule.when} subject={rule.of} figures={figures} />
      )}
      {rule.then ? (
        <>
          <h2 className="z-sub">{t("pack.then")}</h2>
          <OutcomeList outcome={rule.then} pack={pack} subject={rule.of} />
        </>
      ) : null}
      <ReleaseList release={rule.release} subject={rule.of} figures={figures} />
      <p className="z-hint">
        {rule.priority ? t("pack.priority", { n: rule.priority }) : ""}{" "}
        {escalation ? t("pack.escalates", { name: text(escalation.name) }) : ""}
      </p>
    </>
  );
}

import { Checkbox } from "antd";
import type { Pack } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { RuleMark } from "@/shared/rules/RuleMark.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { RuleLink } from "./RuleLink.tsx";

/** The rules in words; those a machine applies are marked, and open to their conditions. */
export function Rules({ pack }: { pack: Pack }) {
  const { t, term, text } = useI18n();
  const [filters, setFilters] = useFilters(["applied"] as const);
  const rules = pack.rules.filter((rule) => !filters.applied || rule.of);
  return (
    <>
      <div className="z-filters">
        <Checkbox
          checked={Boolean(filters.applied)}
          onChange={(event) => setFilters({ applied: event.target.checked ? "1" : null })}
        >
          {t("pack.onlyApplied")}
        </Checkbox>
      </div>
      {rules.length === 0 ? <Empty title={t("pack.noRule")} hint={t("pack.noRuleHint")} /> : null}
      <ul className="z-rulelist">
        {rules.map((rule) => (
          <li key={rule.rule_id}>
            <b>
              <RuleLink pack={pack} id={rule.rule_id} />
            </b>
            <span>
              {text(rule.text)}
              {rule.legal_basis ? <small>{text(rule.legal_basis)}</small> : null}
            </span>
            <span className="z-row">
              {rule.of ? (
                <span className="z-tag z-tag-go">
                  {t("pack.judges", { subject: term("subject", rule.of) })}
                </span>
              ) : null}
              <RuleMark mark={rule.mark} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

import type { Pack } from "@/api/types.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** A rule of the pack one is reading; plain where the pack has no such rule. */
export function RuleLink({ pack, id }: { pack: Pack; id: string }) {
  if (!pack.rules.some((rule) => rule.rule_id === id)) return <span>{id}</span>;
  const path = `/admin/packs/${encodeURIComponent(pack.id)}/rules/${encodeURIComponent(id)}`;
  return (
    <ViewLink path={path} className="z-rulelink">
      {id}
    </ViewLink>
  );
}

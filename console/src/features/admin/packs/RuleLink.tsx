import type { PackPage } from "@/api/types.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** A rule of the pack one is reading; plain where the pack has no such rule. */
export function RuleLink({ pack, id }: { pack: PackPage; id: string }) {
  const [{ on }] = useFilters(["on"] as const);
  if (!pack.rules.some((rule) => rule.rule_id === id)) return <span>{id}</span>;
  const path = `/admin/packs/${encodeURIComponent(pack.id)}/rules/${encodeURIComponent(id)}`;
  return (
    <ViewLink path={path} params={{ on }}>
      {id}
    </ViewLink>
  );
}

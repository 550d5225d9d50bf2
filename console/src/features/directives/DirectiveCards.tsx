import { Skeleton } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { MoreButton } from "@/shared/ui/ListPage.tsx";
import { State } from "@/shared/ui/marks.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { DueMark } from "./DueMark.tsx";
import type { useDirectives } from "./queries.ts";

/** The same list for a phone: one card per order, the whole card a target for the thumb. */
export function DirectiveCards({
  keyset,
  empty,
}: {
  keyset: ReturnType<typeof useDirectives>;
  empty: { title: string; hint: string };
}) {
  const { text } = useI18n();
  if (keyset.isPending) return <Skeleton active className="z-skeleton" />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0) return <Empty {...empty} />;
  return (
    <div className="z-cards">
      {keyset.items.map((item) => (
        <ViewLink key={item.id} path={`/directives/${item.id}`} className="z-card">
          <span className="z-row">
            <State group="directiveState" state={item.state} />
            <DueMark directive={item} />
          </span>
          <b>{text(item.title)}</b>
          <small>
            {item.from_unit.name} → {item.to_unit.name} · {item.number}
          </small>
        </ViewLink>
      ))}
      <MoreButton keyset={keyset} />
    </div>
  );
}

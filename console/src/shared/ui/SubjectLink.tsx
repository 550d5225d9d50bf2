import type { Subject } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { pageOf } from "@/shared/view/subject.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** What a clock or a finding is about, by kind and name; a link where there is a page for it. */
export function SubjectLink({ subject }: { subject: Subject }) {
  const { term, text } = useI18n();
  const path = pageOf(subject);
  const label = text(subject.label) || `${subject.id}`;
  const kind = term("subject", subject.kind);
  // Many labels begin with the kind already; it is not said twice.
  const told = label.toLowerCase().startsWith(kind.toLowerCase());
  return (
    <span className="z-subject">
      {told ? null : <small>{kind}</small>}{" "}
      {path ? <ViewLink path={path}>{label}</ViewLink> : <b>{label}</b>}
    </span>
  );
}

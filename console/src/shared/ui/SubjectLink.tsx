import type { Subject } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { pageOf } from "@/shared/view/subject.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** What a clock or a finding is about, in the service's words; a link where there is a page for it. */
export function SubjectLink({ subject }: { subject: Subject }) {
  const { term, text } = useI18n();
  const path = pageOf(subject);
  const label = text(subject.label) || `${term("subject", subject.kind)} ${subject.id}`;
  return (
    <span className="z-subject">
      {path ? <ViewLink path={path}>{label}</ViewLink> : <b>{label}</b>}
    </span>
  );
}

import { Skeleton, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { JobItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { MoreButton } from "@/shared/ui/ListPage.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Done, JobState } from "../marks.tsx";
import { type JobFilters, useJobs } from "../queries.ts";

/** Jobs as rows, on a phone as cards; each opens its page. */
export function JobTable({ filters }: { filters: JobFilters }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const narrow = useNarrow();
  const keyset = useJobs(filters);
  const columns = useColumns(filters.plan !== undefined);
  const empty = { title: t("dispatch.noJobs"), hint: t("dispatch.noJobsHint") };
  if (narrow) return <Cards keyset={keyset} empty={empty} />;
  return (
    <KeysetTable<JobItem>
      keyset={keyset}
      rowKey="id"
      columns={columns}
      open={(row) => void go(to(`/dispatch/jobs/${row.id}`))}
      empty={empty}
    />
  );
}

interface CardProps {
  keyset: ReturnType<typeof useJobs>;
  empty: { title: string; hint: string };
}

function Cards({ keyset, empty }: CardProps) {
  const { text } = useI18n();
  if (keyset.isPending) return <Skeleton active className="z-skeleton" />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0) return <Empty {...empty} />;
  return (
    <div className="z-cards">
      {keyset.items.map((job) => (
        <ViewLink key={job.id} path={`/dispatch/jobs/${job.id}`} className="z-card">
          <JobState job={job} />
          <b>{text(job.title)}</b>
          <small>
            {job.unit.name} · <When at={job.starts_at} short /> · {job.steps_done}/{job.steps_total}
          </small>
        </ViewLink>
      ))}
      <MoreButton keyset={keyset} />
    </div>
  );
}

function useColumns(ofPlan: boolean): TableProps<JobItem>["columns"] {
  const { t, term, text } = useI18n();
  return [
    {
      key: "title",
      title: t("dispatch.job"),
      className: "z-wrap",
      render: (_, job) => (
        <span className="z-directive-title">
          <b>{text(job.title)}</b>
          <small>
            {term("dispatchJobKind", job.kind)} {job.code}
            {ofPlan ? "" : ` · ${t("dispatch.number", { n: job.plan })}`}
          </small>
        </span>
      ),
    },
    { key: "unit", title: t("field.unit"), render: (_, job) => job.unit.name },
    { key: "state", title: t("field.state"), render: (_, job) => <JobState job={job} /> },
    {
      key: "steps",
      title: t("dispatch.steps"),
      render: (_, job) => <Done of={{ done: job.steps_done, total: job.steps_total }} />,
    },
    {
      key: "starts",
      title: t("dispatch.starts"),
      render: (_, job) => <When at={job.starts_at} short />,
    },
    { key: "due", title: t("dispatch.due"), render: (_, job) => <When at={job.due_at} short /> },
  ];
}

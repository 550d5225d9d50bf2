import { InboxOutlined, LockOutlined, ReloadOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { ApiError } from "@/api/errors.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** What a list says when it holds nothing: why, and what to do. */
export function Empty({
  title,
  hint,
  action,
}: {
  title: string;
  hint?: string;
  action?: ReactNode;
}) {
  return (
    <div className="z-state">
      <InboxOutlined className="z-state-icon" />
      <strong>{title}</strong>
      {hint ? <span>{hint}</span> : null}
      {action}
    </div>
  );
}

/** What failed, in the server's own words where it gave any, and a way to try again. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { t, text } = useI18n();
  const status = error instanceof ApiError ? error.status : -1;
  const said = error instanceof ApiError ? text(error.body?.message) : "";
  const title =
    status === 0
      ? t("error.offline")
      : status === 403
        ? t("error.notAllowed")
        : status === 404
          ? t("error.notFound")
          : t("error.failed");
  return (
    <div className="z-state" role="alert">
      {status === 403 ? (
        <LockOutlined className="z-state-icon" />
      ) : (
        <WarningOutlined className="z-state-icon z-warn" />
      )}
      <strong>{title}</strong>
      {said ? <span>{said}</span> : null}
      <span className="z-code">{error.message}</span>
      {retry ? (
        <Button icon={<ReloadOutlined />} onClick={retry}>
          {t("action.retry")}
        </Button>
      ) : null}
    </div>
  );
}

interface Answer<T> {
  data: T | undefined;
  error: Error | null;
  isPending: boolean;
  refetch: () => unknown;
}

/** One place for the three states every query has: waiting, failed, there. */
export function Answered<T>({
  query,
  rows = 6,
  children,
}: {
  query: Answer<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => query.refetch()} />;
  return <Skeleton active title={false} paragraph={{ rows }} className="z-skeleton" />;
}

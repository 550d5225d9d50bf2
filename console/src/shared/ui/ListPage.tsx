import { Button } from "antd";
import type { ReactNode } from "react";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Keyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { Failure } from "./states.tsx";

/** Head of a desk: its name, how many rows are loaded, filters and actions. */
export function PageHead({
  title,
  note,
  children,
}: {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="z-head">
      <h1>{title}</h1>
      {note ? <span className="z-head-note">{note}</span> : null}
      <div className="z-head-tools">{children}</div>
    </header>
  );
}

/** "50 loaded, more below" - a keyset list does not know its total, and does not pretend to. */
export function LoadedNote<T>({ keyset }: { keyset: Keyset<T> }) {
  const { t } = useI18n();
  const { asOf } = useView();
  if (!keyset.data) return null;
  const n = keyset.items.length;
  return (
    <>
      {t(keyset.hasNextPage ? "list.loadedMore" : "list.loadedAll", { n })}
      {asOf ? ` · ${t("asOf.knownAt", { at: minute(asOf) })}` : ""}
    </>
  );
}

export function MoreButton<T>({ keyset }: { keyset: Keyset<T> }) {
  const { t } = useI18n();
  if (keyset.error && keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.fetchNextPage()} />;
  if (!keyset.hasNextPage) return null;
  return (
    <div className="z-more">
      <Button loading={keyset.isFetchingNextPage} onClick={() => keyset.fetchNextPage()}>
        {t("list.more")}
      </Button>
    </div>
  );
}

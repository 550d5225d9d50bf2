import { CheckOutlined, ClockCircleOutlined, StopOutlined, WarningFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, must } from "@/api/client.ts";
import type { Text } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { When } from "./marks.tsx";

interface Item {
  id: number;
  name: Text;
  state: string;
  due_at: string;
}

/** The clocks of one record, each leading to its page on the wall; nothing where there are none. */
export function SubjectClocks({ kind, id }: { kind: string; id: number }) {
  const { t } = useI18n();
  const may = useMay("clock.read");
  const { query } = useView();
  const clocks = useQuery({
    queryKey: ["clocks", "of", kind, id, query],
    queryFn: () =>
      must(
        api.GET("/api/v1/clocks", {
          params: { query: { ...query, subject_kind: kind, subject_id: id } },
        }),
      ),
    enabled: may,
  });
  if (!clocks.data?.items.length) return null;
  return (
    <>
      <h3>{t("case.clocks")}</h3>
      <ClockItems clocks={clocks.data.items} link />
    </>
  );
}

function sign(state: string): ReactNode {
  switch (state) {
    case "met":
      return <CheckOutlined />;
    case "running":
      return <ClockCircleOutlined />;
    case "waived":
      return <StopOutlined />;
    default:
      return <WarningFilled />;
  }
}

/** Duties that run on something: met, running, late or overdue, by sign as well as by colour. */
export function ClockItems({ clocks, link }: { clocks: readonly Item[]; link: boolean }) {
  const { t, term, text } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  return (
    <ul className="z-clocks" aria-label={t("case.clocks")}>
      {clocks.map((clock) => (
        <li key={clock.id} className={`z-clock z-clock-${clock.state}`}>
          {sign(clock.state)}
          <span>
            {link ? (
              <ViewLink path={`/clocks/${clock.id}`}>{text(clock.name)}</ViewLink>
            ) : (
              text(clock.name)
            )}
            <small>
              {term("clockState", clock.state)} ·{" "}
              {clock.state === "running" || clock.state === "overdue" ? (
                due(clock.due_at, now)
              ) : (
                <When at={clock.due_at} short />
              )}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}

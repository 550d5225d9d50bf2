import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import type { RoundPointItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { MoreButton, PageHead } from "@/shared/ui/ListPage.tsx";
import { Period, When } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { byQueue } from "./hours.ts";
import { QueueDialog } from "./QueueDialog.tsx";
import { useRoundPoints } from "./queries.ts";

/** Where one can be sampled now: opening hours and the queue of each point; made for a phone. */
export function Points() {
  const { t } = useI18n();
  const id = Number(useParams().id);
  if (!Number.isInteger(id) || id < 1) return <NotFound back="/rounds" name={t("desk.rounds")} />;
  return (
    <section className="z-page z-list">
      <ViewLink path={`/rounds/${id}`}>{t("rounds.back")}</ViewLink>
      <PageHead title={t("rounds.points")} />
      <PointCards id={id} />
    </section>
  );
}

function PointCards({ id }: { id: number }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const keyset = useRoundPoints(id);
  const mayTell = useMay("sample.collect") && !asOf;
  const now = useNow();
  const [telling, setTelling] = useState<RoundPointItem | null>(null);
  if (keyset.isPending) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (keyset.error && !keyset.data)
    return <Failure error={keyset.error} retry={() => keyset.refetch()} />;
  if (keyset.items.length === 0)
    return <Empty title={t("rounds.empty")} hint={t("rounds.emptyHint")} />;
  return (
    <>
      <ul className="z-events z-round-points">
        {byQueue(keyset.items).map((one) => (
          <li key={one.code}>
            <span>
              <b>{one.name}</b> · {one.unit.name}
              <br />
              <span className={`z-tag z-tag-${one.open ? "go" : "done"}`}>
                {t(
                  one.open
                    ? "rounds.isOpen"
                    : Date.parse(one.opens_at) > now
                      ? "rounds.notOpenYet"
                      : "rounds.isClosed",
                )}
              </span>{" "}
              <Period from={one.opens_at} to={one.closes_at} />
              <br />
              {one.queue === null ? (
                t("rounds.queueUnknown")
              ) : (
                <>
                  <b className="z-num">{t("rounds.queue", { n: number(one.queue) })}</b>{" "}
                  <small>
                    <When at={one.queue_at} short />
                  </small>
                </>
              )}
              {mayTell && one.open ? (
                <>
                  {" "}
                  <Button onClick={() => setTelling(one)}>{t("rounds.tellQueue")}</Button>
                </>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <MoreButton keyset={keyset} />
      {telling ? <QueueDialog round={id} point={telling} close={() => setTelling(null)} /> : null}
    </>
  );
}

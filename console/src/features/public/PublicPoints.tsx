import { Button, Checkbox, Input, Skeleton } from "antd";
import { useState } from "react";
import type { PublicPoint } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period, When } from "@/shared/ui/marks.tsx";
import { Empty, Failure } from "@/shared/ui/states.tsx";
import { byWait } from "./order.ts";
import { usePublicPoints } from "./queries.ts";

const TAG: Readonly<Record<string, string>> = { open: "go", later: "wait", shut: "done" };

/** For everybody, without signing in: where to be sampled, until when, and how long one waits. */
export function PublicPoints() {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const points = usePublicPoints({ text, open });
  return (
    <main className="z-public">
      {points.first?.synthetic ? <p className="z-public-made">{t("public.synthetic")}</p> : null}
      <header>
        <h1>{t("public.points")}</h1>
        <Language />
      </header>
      <div className="z-public-asked">
        <Input.Search
          allowClear
          size="large"
          maxLength={30}
          aria-label={t("public.find")}
          placeholder={t("public.find")}
          onSearch={(words) => setText(words.trim())}
        />
        <Checkbox checked={open} onChange={({ target }) => setOpen(target.checked)}>
          {t("public.onlyOpen")}
        </Checkbox>
      </div>
      <Found points={points} />
      <footer>{t("public.note")}</footer>
    </main>
  );
}

function Language() {
  const { t, lang, setLang } = useI18n();
  const other = lang === "zh" ? "en" : "zh";
  return (
    <Button lang={other} onClick={() => setLang(other)} title={t("lang.switch")}>
      {t("lang.other")}
    </Button>
  );
}

function Found({ points }: { points: ReturnType<typeof usePublicPoints> }) {
  const { t } = useI18n();
  if (points.isPending) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (points.error && !points.data)
    return <Failure error={points.error} retry={() => points.refetch()} />;
  if (points.items.length === 0)
    return <Empty title={t("public.none")} hint={t("public.noneHint")} />;
  return (
    <>
      <p className="z-hint">
        {t("public.found", { n: points.first?.total ?? 0 })}{" "}
        {t("public.updated", { at: minute(points.first?.updated_at ?? "") })}
      </p>
      <ul className="z-public-list">
        {byWait(points.items).map((one) => (
          <Point key={one.id} point={one} />
        ))}
      </ul>
      {points.hasNextPage ? (
        <Button block loading={points.isFetchingNextPage} onClick={() => points.fetchNextPage()}>
          {t("list.more")}
        </Button>
      ) : null}
    </>
  );
}

function Point({ point }: { point: PublicPoint }) {
  const { term } = useI18n();
  return (
    <li>
      <div>
        <h2>{point.name}</h2>
        <p>{point.place}</p>
        <p>
          <span className={`z-tag z-tag-${TAG[point.state] ?? "done"}`}>
            {term("publicState", point.state)}
          </span>{" "}
          <Period from={point.opens_at} to={point.closes_at} />
        </p>
      </div>
      {point.state === "open" ? <Wait point={point} /> : null}
    </li>
  );
}

function Wait({ point }: { point: PublicPoint }) {
  const { t } = useI18n();
  if (point.waiting === null) return <p className="z-public-wait">{t("public.notTold")}</p>;
  return (
    <p className="z-public-wait">
      {point.wait_min === null ? null : (
        <b className="z-num">
          {point.wait_min === 0 ? t("public.noWait") : t("public.wait", { n: point.wait_min })}
        </b>
      )}
      <span>{t("public.waiting", { n: number(point.waiting) })}</span>
      <small>
        <When at={point.told_at} short />
      </small>
    </p>
  );
}

import { PauseOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { Button, Slider } from "antd";
import { useEffect, useState } from "react";
import { evening, monthDay, shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { DAYS_BACK, daysBack } from "./daysBack.ts";

const STEP_MS = 1200;

/** Fourteen days back, day by day; play goes on when the day before has been drawn. */
export function TimeSlider({ busy }: { busy: boolean }) {
  const { t } = useI18n();
  const { clock } = useSession();
  const { asOf, change } = useView();
  const [playing, setPlaying] = useState(false);
  const latest = clock.latest_as_of ?? clock.now;
  const back = daysBack(latest, asOf);
  const show = (days: number) => change({ as_of: days === 0 ? null : evening(latest, days) });

  useEffect(() => {
    if (!playing || busy) return;
    const timer = window.setTimeout(() => {
      if (back === 0) setPlaying(false);
      else change({ as_of: back === 1 ? null : evening(latest, back - 1) });
    }, STEP_MS);
    return () => window.clearTimeout(timer);
  }, [playing, busy, back, latest, change]);

  const play = () => {
    if (!playing && back === 0) show(DAYS_BACK);
    setPlaying(!playing);
  };
  const marks = Object.fromEntries(
    [0, 7, DAYS_BACK].map((n) => [DAYS_BACK - n, monthDay(evening(latest, n))]),
  );
  return (
    <section className="z-slider" aria-label={t("time.slider")}>
      <Button
        shape="circle"
        icon={playing ? <PauseOutlined /> : <PlayCircleOutlined />}
        aria-label={t(playing ? "time.pause" : "time.play")}
        onClick={play}
      />
      <Slider
        min={0}
        max={DAYS_BACK}
        value={DAYS_BACK - back}
        marks={marks}
        dots
        included={false}
        ariaLabelForHandle={t("situation.day")}
        tooltip={{ formatter: (value) => monthDay(evening(latest, DAYS_BACK - (value ?? 0))) }}
        onChange={(value) => {
          setPlaying(false);
          show(DAYS_BACK - value);
        }}
      />
      <span className="z-slider-at z-num">{asOf ? shortMinute(asOf) : t("asOf.now")}</span>
    </section>
  );
}

import { HistoryOutlined } from "@ant-design/icons";
import { Button, DatePicker, Popover } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { evening, minute, shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useNow, useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

/** "As known at": now, or a past moment to which the whole console turns. */
export function AsOfPicker() {
  const { t } = useI18n();
  const { asOf, change } = useView();
  const [open, setOpen] = useState(false);
  const now = useNow();
  const at = new Date(now).toISOString();
  const choose = (moment: string | null) => {
    change({ as_of: moment });
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      content={<Choices now={at} choose={choose} />}
    >
      <button type="button" className={asOf ? "z-asof z-asof-past" : "z-asof"}>
        <HistoryOutlined />
        <span className="z-asof-word">{t("asOf.label")}</span>
        <span className="z-num">
          {asOf ? shortMinute(asOf) : `${t("asOf.now")} ${shortMinute(at)}`}
        </span>
      </button>
    </Popover>
  );
}

function Choices({ now, choose }: { now: string; choose: (moment: string | null) => void }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const { clock } = useSession();
  const latest = clock.latest_as_of ?? now;
  const pick = (value: Dayjs | null) => {
    // What is picked is read as Beijing time, whatever the machine's zone.
    if (value) choose(new Date(`${value.format("YYYY-MM-DDTHH:mm")}:00+08:00`).toISOString());
  };
  return (
    <div className="z-asof-choices">
      <p>{t("asOf.explain")}</p>
      <div className="z-row">
        <Button type={asOf ? "default" : "primary"} onClick={() => choose(null)}>
          {t("asOf.now")}
        </Button>
        {[1, 3, 7].map((n) => (
          <Button key={n} onClick={() => choose(evening(latest, n))}>
            {t("asOf.daysBack", { n })}
          </Button>
        ))}
      </div>
      <DatePicker
        showTime={{ format: "HH:mm" }}
        format="YYYY-MM-DD HH:mm"
        value={asOf ? dayjs(minute(asOf)) : null}
        maxDate={dayjs(minute(now))}
        defaultPickerValue={dayjs(minute(latest))}
        onChange={pick}
        placeholder={t("asOf.choose")}
      />
    </div>
  );
}

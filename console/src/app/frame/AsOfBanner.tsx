import { HistoryOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";

/** While one looks at the past the console says so, on every page. */
export function AsOfBanner() {
  const { t } = useI18n();
  const { asOf, change } = useView();
  if (!asOf) return null;
  return (
    <output className="z-asof-banner">
      <HistoryOutlined /> {t("asOf.banner", { at: minute(asOf) })}
      <Button size="small" onClick={() => change({ as_of: null })}>
        {t("asOf.back")}
      </Button>
    </output>
  );
}

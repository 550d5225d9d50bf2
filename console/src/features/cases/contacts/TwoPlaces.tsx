import { WarningFilled } from "@ant-design/icons";
import { Tooltip } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Trouble in the data: seen in two places at once. */
export function TwoPlaces() {
  const { t } = useI18n();
  return (
    <Tooltip title={t("contact.twoPlacesHint")}>
      <span className="z-warn">
        <WarningFilled /> {t("contact.twoPlaces")}
      </span>
    </Tooltip>
  );
}

import { FileSearchOutlined } from "@ant-design/icons";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

/** An address that leads nowhere: said so, with the way back to what there is. */
export function NotFound({ back, name }: { back: string; name: string }) {
  const { t } = useI18n();
  return (
    <div className="z-state" role="alert">
      <FileSearchOutlined className="z-state-icon" />
      <h1>{t("page.none")}</h1>
      <span>{t("page.noneHint")}</span>
      <ViewLink path={back}>{t("page.backTo", { name })}</ViewLink>
    </div>
  );
}

import { useI18n } from "@/shared/i18n/context.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

export function NoSuchPage() {
  const { t } = useI18n();
  return <Empty title={t("page.none")} action={<ViewLink path="/">{t("page.home")}</ViewLink>} />;
}

import { useI18n } from "@/shared/i18n/context.tsx";

/** Each language is named in itself, so that it can be found from the other. */
export function LanguageSwitch() {
  const { lang, setLang, t } = useI18n();
  const other = lang === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      className="z-top-button"
      lang={other}
      onClick={() => setLang(other)}
      title={t("lang.switch")}
    >
      {t("lang.other")}
    </button>
  );
}

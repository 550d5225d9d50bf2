import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useMay } from "@/shared/view/session.tsx";

/** The situation reports of the latest periods, as files. */
export function Reports() {
  const { t, term } = useI18n();
  const may = useMay("report.read");
  const reports = useQuery({
    queryKey: ["reports"],
    queryFn: () => must(api.GET("/api/v1/reports")),
    enabled: may,
  });
  const latest = reports.data?.slice(0, 3) ?? [];
  if (latest.length === 0) return null;
  return (
    <section className="z-panel-part">
      <h2>{t("reports.title")}</h2>
      {latest.map((report) => (
        <p key={report.period} className="z-row">
          <span className="z-num">{report.period}</span>
          {report.langs.flatMap((lang) =>
            report.formats.map((format) => (
              <a
                key={`${lang}${format}`}
                href={`/api/v1/reports/${report.period}/${lang}.${format}`}
                target="_blank"
                rel="noreferrer"
              >
                {term("lang", lang)} {term("format", format)}
              </a>
            )),
          )}
        </p>
      ))}
    </section>
  );
}

import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { useView } from "@/shared/view/useView.ts";
import { Merges } from "./Merges.tsx";
import { Pairing } from "./Pairing.tsx";

/** Two identity numbers of one person: checked, counted as one, and apart again. */
export function Persons() {
  const { t } = useI18n();
  const { asOf } = useView();
  return (
    <section className="z-page z-tracing">
      <DeskTabs desk="tracing" />
      <p className="z-hint z-gap">{t("persons.explain")}</p>
      {asOf ? null : <Pairing />}
      <Merges />
    </section>
  );
}

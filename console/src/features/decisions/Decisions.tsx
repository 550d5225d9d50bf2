import { useParams } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Desk } from "@/shared/ui/Desk.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { ProposalPage } from "./ProposalPage.tsx";
import { Queue } from "./Queue.tsx";

export function Decisions() {
  const { t } = useI18n();
  const id = Number(useParams().id);
  const chosen = Number.isInteger(id) && id > 0 ? id : null;
  return (
    <Desk
      path="/decisions"
      listSize={400}
      list={<Queue chosen={chosen} />}
      detail={chosen === null ? null : <ProposalPage key={chosen} id={chosen} />}
      placeholder={<Empty title={t("decisions.choose")} hint={t("decisions.chooseHint")} />}
    />
  );
}

import { useI18n } from "@/shared/i18n/context.tsx";
import { Desk } from "@/shared/ui/Desk.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { ProposalPage } from "./ProposalPage.tsx";
import { Queue } from "./Queue.tsx";

export function Decisions() {
  const { t } = useI18n();
  const id = useRecordId();
  const chosen = id === "bad" ? null : id;
  const none = <NotFound back="/decisions" name={t("desk.decisions")} />;
  return (
    <Desk
      path="/decisions"
      listSize={400}
      list={<Queue chosen={chosen} openFirst={id === null} />}
      detail={id === "bad" ? none : id === null ? null : <ProposalPage key={id} id={id} />}
      placeholder={<Empty title={t("decisions.choose")} hint={t("decisions.chooseHint")} />}
    />
  );
}

import { Segmented } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { CommonQuestion } from "./CommonQuestion.tsx";
import { CompanionsQuestion } from "./CompanionsQuestion.tsx";
import { Inquiries } from "./Inquiries.tsx";
import { QUESTIONS, type Question, questionOf } from "./questions.ts";
import { TimelineQuestion } from "./TimelineQuestion.tsx";
import { VenueQuestion } from "./VenueQuestion.tsx";

/** Four questions over the visits, each for a stated purpose and on the record. */
export function Tracing() {
  const { t } = useI18n();
  const may = useMay("tracing.ask");
  const reads = useMay("inquiry.read");
  return (
    <section className="z-page z-tracing">
      <DeskTabs desk="tracing" />
      {may ? <Questions /> : <p className="z-hint z-gap">{t("tracing.mayNot")}</p>}
      {reads ? <Inquiries /> : null}
    </section>
  );
}

function Questions() {
  const { t, term } = useI18n();
  const [{ ask }, setFilters] = useFilters(["ask"] as const);
  const question = questionOf(ask);
  return (
    <>
      <div className="z-row z-gap">
        <Segmented<Question>
          aria-label={t("tracing.which")}
          value={question}
          onChange={(value) => setFilters({ ask: value })}
          options={QUESTIONS.map((value) => ({ value, label: term("question", value) }))}
        />
        <span className="z-hint">{term("questionHint", question)}</span>
      </div>
      <Asked question={question} />
    </>
  );
}

function Asked({ question }: { question: Question }) {
  switch (question) {
    case "venue":
      return <VenueQuestion />;
    case "timeline":
      return <TimelineQuestion />;
    case "common":
      return <CommonQuestion />;
    case "companions":
      return <CompanionsQuestion />;
  }
}

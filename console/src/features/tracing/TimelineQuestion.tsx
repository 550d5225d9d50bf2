import { Form } from "antd";
import { lazy, Suspense, useMemo } from "react";
import type { Whereabouts } from "@/api/types.ts";
import { stopNumbers, stopsOf } from "@/map/stops.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { CasePicker } from "@/shared/ui/CasePicker.tsx";
import { Imputed, Period } from "@/shared/ui/marks.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { recordId } from "@/shared/view/useRecordId.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { courseOf, type Step } from "./course.ts";
import { PlaceName } from "./PlaceName.tsx";
import {
  instants,
  QuestionForm,
  type Range,
  RangeField,
  useLastDays,
  type Why,
} from "./QuestionForm.tsx";
import { useTimeline } from "./queries.ts";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));
type Fields = Why & { case_id?: number; range: Range };

/** Where did this person go: a case, or a contact one comes from. */
export function TimelineQuestion() {
  const { t } = useI18n();
  const [{ contact, case: of }] = useFilters(["contact", "case"] as const);
  const contactId = recordId(contact);
  const caseId = recordId(of);
  const [form] = Form.useForm<Fields>();
  const timeline = useTimeline();
  const range = useLastDays(7);
  const byContact = typeof contactId === "number";
  return (
    <QuestionForm<Fields, Whereabouts>
      form={form}
      initial={{
        range,
        purpose: "investigation",
        ...(typeof caseId === "number" ? { case_id: caseId } : {}),
      }}
      asking={timeline}
      send={({ case_id, range: asked, purpose, note }) =>
        timeline.mutate({
          ...(byContact ? { contact_id: contactId } : case_id ? { case_id } : {}),
          ...instants(asked),
          purpose,
          note: note.trim(),
        })
      }
      fields={
        <>
          {byContact ? (
            <p className="z-reach">{t("timeline.ofContact", { n: contactId })}</p>
          ) : (
            <Form.Item
              name="case_id"
              label={t("search.case")}
              rules={[{ required: true, message: t("form.required") }]}
            >
              <CasePicker />
            </Form.Item>
          )}
          <RangeField />
        </>
      }
    >
      {(answer) => <Found whereabouts={answer} />}
    </QuestionForm>
  );
}

function Found({ whereabouts }: { whereabouts: Whereabouts }) {
  const { t } = useI18n();
  const { scope } = useSession();
  const steps = useMemo(() => courseOf(whereabouts), [whereabouts]);
  const stops = useMemo(() => stopsOf(steps.filter(placed)), [steps]);
  const numbers = useMemo(() => stopNumbers(steps.filter(placed)), [steps]);
  if (steps.length === 0) return <p className="z-hint z-answer-none">{t("timeline.nothing")}</p>;
  return (
    <div className="z-answer-map">
      <ol className="z-timeline">
        {steps.map((step) => (
          <li
            key={`${step.kind}-${step.from}-${step.to}`}
            className={step.kind === "stay" ? "z-timeline-visit" : "z-timeline-gap"}
          >
            <span className="z-timeline-when">
              <Period from={step.from} to={step.to} />
            </span>
            <span className="z-timeline-dot">{placed(step) ? (numbers.get(step) ?? "") : ""}</span>
            <StepWords step={step} />
          </li>
        ))}
      </ol>
      {stops.length ? (
        <Suspense fallback={<div className="z-smallmap" style={{ height: 320 }} />}>
          <SmallMap path={scope?.path ?? ""} stops={stops} height={320} />
        </Suspense>
      ) : null}
    </div>
  );
}

const placed = (step: Step): step is Extract<Step, { kind: "stay" }> => step.kind === "stay";

function StepWords({ step }: { step: Step }) {
  const { t, term } = useI18n();
  if (step.kind === "gap") return <span className="z-hint">{t("timeline.gap")}</span>;
  return (
    <span>
      {step.place ? (
        <PlaceName place={step.place} />
      ) : (
        <span className="z-hint">{t("timeline.noPlace")}</span>
      )}{" "}
      <small>{term("visitSource", step.source)}</small> {step.imputed ? <Imputed /> : null}{" "}
      {step.doubted ? <span className="z-warn">{t("contact.twoPlaces")}</span> : null}
    </span>
  );
}

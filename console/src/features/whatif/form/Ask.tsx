import { Skeleton } from "antd";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import type { Comparison, UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PageHead } from "@/shared/ui/ListPage.tsx";
import { Answered, Empty, Failure } from "@/shared/ui/states.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useMay, useSession } from "@/shared/view/session.tsx";
import { recordId } from "@/shared/view/useRecordId.ts";
import { useScopePath } from "@/shared/view/useScopePath.ts";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { DAYS, type Draft, draftOf, freeName, type Loose, RUNS } from "../draft.ts";
import { forget, kept } from "../kept.ts";
import { useComparison, useWhatIfForm, type WhatIfForm } from "../queries.ts";
import { Question } from "./Question.tsx";
import { useTemplateWords } from "./useTemplateWords.ts";

/** A new question, or a copy of one that was asked. */
export function Ask() {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("whatif.ask");
  const [search] = useSearchParams();
  const copied = recordId(search.get("copy") ?? undefined);
  const source = useComparison(typeof copied === "number" ? copied : null);
  if (!may || asOf) return <Empty title={t(asOf ? "whatif.past" : "whatif.mayNot")} />;
  if (copied !== null && !source.data)
    return source.error || copied === "bad" ? (
      <Failure error={source.error ?? new Error("copy")} />
    ) : (
      <Skeleton active className="z-skeleton" />
    );
  return (
    <section className="z-page z-whatif-ask">
      <PageHead
        title={t("whatif.new")}
        note={<ViewLink path="/whatif">{t("whatif.back")}</ViewLink>}
      />
      <Where source={source.data ?? null} />
    </section>
  );
}

/** Whoever's posts are bound to no unit chooses one; others begin with the one they look at. */
function Where({ source }: { source: Comparison | null }) {
  const { scope } = useSession();
  if (source) return <OfUnit first={source.unit} source={source} />;
  return scope ? <Here home={scope} /> : <OfUnit first={null} source={null} />;
}

function Here({ home }: { home: UnitRef }) {
  const { here } = useScopePath(home);
  return <OfUnit key={here.code} first={here} source={null} />;
}

/** The question is about one unit; all the rest depends on which. */
function OfUnit({ first, source }: { first: UnitRef | null; source: Comparison | null }) {
  const { t } = useI18n();
  const [unit, setUnit] = useState(first?.code ?? null);
  const form = useWhatIfForm(unit);
  const picker = (
    <div className="z-whatif-field z-whatif-unit">
      <label htmlFor="whatif-unit">{t("whatif.unit")}</label>
      <UnitPicker
        id="whatif-unit"
        onChange={setUnit}
        {...(unit ? { value: unit } : {})}
        {...(first ? { first } : {})}
      />
    </div>
  );
  if (unit === null || (form.error && !form.data))
    return (
      <>
        {picker}
        {form.error ? <Failure error={form.error} retry={() => form.refetch()} /> : null}
      </>
    );
  return (
    <Answered query={form} rows={12}>
      {(data) => <Start key={unit} form={data} source={source} picker={picker} />}
    </Answered>
  );
}

interface StartProps {
  form: WhatIfForm;
  source: Comparison | null;
  picker: ReactNode;
}

function Start({ form, source, picker }: StartProps) {
  const first = useFirstDraft(form, source);
  const unit = form.unit.code;
  const [left, setLeft] = useState(() => (source ? null : kept(unit)));
  const anew = () => {
    forget(unit);
    setLeft(null);
  };
  return (
    <Question
      key={left ? "left" : "anew"}
      first={left ?? first}
      form={form}
      picker={picker}
      left={left !== null}
      anew={anew}
    />
  );
}

/** What is done now is what anything else is compared with, where something is done. */
const inForce = ({ name }: Loose): boolean => name === "in_force";

/** What one starts from: all templates, or what was asked before. */
function useFirstDraft(form: WhatIfForm, source: Comparison | null): Draft {
  const { t } = useI18n();
  const { nameOf } = useTemplateWords();
  if (source) return draftOf(source.options as Loose[], { ...source, title: source.title });
  const names: string[] = [];
  const options = form.templates.map((one) => {
    const name = freeName(nameOf(one), names);
    names.push(name);
    return { ...one, name } as Loose;
  });
  return draftOf(options, {
    title: t("whatif.titleOf", { unit: form.unit.name }),
    days: DAYS.usual,
    runs: RUNS.usual,
    unseen: null,
    against: names[Math.max(0, form.templates.findIndex(inForce))] ?? "",
  });
}

import { Alert, Button, Input, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/errors.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useView } from "@/shared/view/useView.ts";
import { letter } from "../answer.ts";
import { change, DAYS, type Draft, RUNS, strip, UNSEEN } from "../draft.ts";
import { forget, keep } from "../kept.ts";
import { useAsk, type WhatIfForm } from "../queries.ts";
import { type Trouble, troubles } from "../validate.ts";
import { OnGround } from "./ground.tsx";
import { OptionCards } from "./OptionCards.tsx";
import { OptionEditor } from "./OptionEditor.tsx";
import { Troubled } from "./troubled.tsx";

interface Props {
  first: Draft;
  form: WhatIfForm;
  picker: ReactNode;
  /** What one began and left, told above; a copy of a question asked is none. */
  left: boolean;
  /** Begin anew, as if nothing had been left. */
  anew: () => void;
}

/** The options on the left, the chosen one on the right; what is refused is told and nothing lost. */
export function Question({ first, form, picker, left, anew }: Props) {
  const { to } = useView();
  const go = useNavigate();
  const [draft, setHere] = useState(first);
  const setDraft = (next: Draft) => {
    setHere(next);
    keep(form.unit.code, next);
  };
  const [chosen, setChosen] = useState(first.options[0]?.key ?? "");
  const [tried, setTried] = useState(false);
  const ask = useAsk();
  const found = troubles(draft);
  const shown = tried ? found : found.filter((one) => one.said !== "name" && one.said !== "title");
  const option = draft.options.find((one) => one.key === chosen) ?? draft.options[0];
  const send = () => {
    setTried(true);
    const wrong = found[0];
    if (wrong) return show(wrong, setChosen);
    ask.mutate(bodyOf(draft, form.unit.code), {
      onSuccess: (made) => {
        forget(form.unit.code);
        void go(to(`/whatif/${made.id}`));
      },
      onError: (error) => setChosen(optionNamed(draft, error) ?? chosen),
    });
  };
  return (
    <form
      className="z-whatif-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {left ? <Left anew={anew} /> : null}
      <Head draft={draft} set={setDraft} picker={picker} form={form} found={shown} />
      {ask.error ? <Refusal error={ask.error} /> : null}
      <div className="z-whatif-split">
        <OptionCards
          draft={draft}
          chosen={option?.key ?? ""}
          choose={setChosen}
          set={setDraft}
          form={form}
          found={shown}
        />
        <Troubled found={shown.filter((one) => one.option === option?.key)}>
          {option ? (
            <OnGround form={form}>
              <OptionEditor
                key={option.key}
                option={option}
                set={(next) => setDraft(change(draft, option.key, next))}
                form={form}
              />
            </OnGround>
          ) : null}
        </Troubled>
      </div>
      <Foot draft={draft} form={form} busy={ask.isPending} />
    </form>
  );
}

function Left({ anew }: { anew: () => void }) {
  const { t } = useI18n();
  return (
    <Alert
      type="info"
      role="note"
      className="z-gap"
      title={t("whatif.draftLeft")}
      action={
        <Button size="small" onClick={anew}>
          {t("whatif.draftAnew")}
        </Button>
      }
    />
  );
}

export function bodyOf(draft: Draft, unit: string) {
  return {
    unit,
    title: draft.title.trim(),
    days: draft.days,
    runs: draft.runs,
    unseen: draft.unseen,
    against: draft.options.find((one) => one.key === draft.against)?.name.trim() ?? "",
    options: draft.options.map(strip),
  };
}

/** The option a refusal names. */
function optionNamed(draft: Draft, error: Error): string | undefined {
  const named = error instanceof ApiError ? error.body?.facts.option : undefined;
  return draft.options.find((one) => one.name.trim() === named)?.key;
}

/** Leads to what has to be put right first. */
function show(wrong: Trouble, choose: (key: string) => void): void {
  if (wrong.option) choose(wrong.option);
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[data-path="${wrong.path}"] input`);
    field?.focus();
  });
}

function Refusal({ error }: { error: Error }) {
  const { t, text } = useI18n();
  const said = error instanceof ApiError ? text(error.body?.message) : "";
  return (
    <Alert
      type="error"
      showIcon
      className="z-gap"
      title={said || t("error.failed")}
      description={t("whatif.refusedKept")}
    />
  );
}

interface HeadProps {
  draft: Draft;
  set: (draft: Draft) => void;
  picker: ReactNode;
  form: WhatIfForm;
  found: readonly Trouble[];
}

function Head({ draft, set, picker, form, found }: HeadProps) {
  const { t, term } = useI18n();
  const trouble = found.find((one) => one.option === null);
  return (
    <div className="z-whatif-head">
      <div className="z-whatif-field z-whatif-title" data-path="title">
        <label htmlFor="whatif-title">{t("whatif.title")}</label>
        <Input
          id="whatif-title"
          maxLength={120}
          {...(trouble ? { status: "error" as const } : {})}
          value={draft.title}
          onChange={(event) => set({ ...draft, title: event.target.value })}
        />
        {trouble ? (
          <small role="alert" className="z-worse">
            {term("whatifTrouble", trouble.said)}
          </small>
        ) : null}
      </div>
      {picker}
      <Amount
        id="whatif-days"
        label={t("whatif.days")}
        unit={t("unit.days")}
        limits={DAYS}
        value={draft.days}
        set={(days) => set({ ...draft, days })}
      />
      <Amount
        id="whatif-runs"
        label={t("whatif.runs")}
        unit={t("whatif.times")}
        limits={RUNS}
        value={draft.runs}
        set={(runs) => set({ ...draft, runs })}
      />
      {form.unseen === null ? null : (
        <Amount
          id="whatif-unseen"
          label={t("whatif.unseen")}
          hint={t("whatif.unseenHint")}
          unit={t("unit.persons")}
          limits={{ ...UNSEEN, usual: form.unseen }}
          value={draft.unseen ?? form.unseen}
          set={(unseen) => set({ ...draft, unseen })}
        />
      )}
      <div className="z-whatif-field z-whatif-unit">
        <label htmlFor="whatif-against">{t("whatif.compareWith")}</label>
        <Select
          id="whatif-against"
          value={draft.against}
          onChange={(against: string) => set({ ...draft, against })}
          options={draft.options.map((one, at) => ({
            value: one.key,
            label: `${letter(at)} · ${one.name || t("whatif.noName")}`,
          }))}
        />
      </div>
    </div>
  );
}

interface AmountProps {
  id: string;
  label: string;
  hint?: string;
  unit: string;
  limits: { least: number; most: number; usual: number };
  value: number;
  set: (n: number) => void;
}

function Amount({ id, label, hint, unit, limits, value, set }: AmountProps) {
  return (
    <div className="z-whatif-field z-whatif-amount" title={hint}>
      <label htmlFor={id}>{label}</label>
      <InputNumber
        id={id}
        min={limits.least}
        max={limits.most}
        precision={0}
        suffix={unit}
        value={value}
        onChange={(n) => set(n ?? limits.usual)}
      />
    </div>
  );
}

function Foot({ draft, form, busy }: { draft: Draft; form: WhatIfForm; busy: boolean }) {
  const { t } = useI18n();
  return (
    <footer className="z-actions z-whatif-foot">
      <p className="z-reach">
        {t("whatif.willRun", {
          n: draft.options.length,
          runs: number(draft.runs),
          days: draft.days,
        })}{" "}
        · {t("whatif.startsAt", { n: number(form.cases) })} <When at={form.as_of} />
      </p>
      <Button type="primary" className="z-push" htmlType="submit" loading={busy}>
        {t("whatif.compute")}
      </Button>
    </footer>
  );
}

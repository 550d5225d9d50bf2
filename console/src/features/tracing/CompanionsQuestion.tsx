import { Form } from "antd";
import type { Companions } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useCount } from "@/shared/format/useCount.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { CasePicker } from "@/shared/ui/CasePicker.tsx";
import { Rule } from "@/shared/ui/marks.tsx";
import { CountBars } from "./CountBars.tsx";
import { QuestionForm, type Why } from "./QuestionForm.tsx";
import { useCompanions } from "./queries.ts";

type Fields = Why & { case_id: number };

/** How many telephones were in the case's cells for long enough, county by county. */
export function CompanionsQuestion() {
  const { t } = useI18n();
  const [form] = Form.useForm<Fields>();
  const companions = useCompanions();
  return (
    <QuestionForm<Fields, Companions>
      form={form}
      initial={{ purpose: "investigation" }}
      asking={companions}
      send={(f) =>
        companions.mutate({ case_id: f.case_id, purpose: f.purpose, note: f.note.trim() })
      }
      fields={
        <Form.Item
          name="case_id"
          label={t("search.case")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <CasePicker />
        </Form.Item>
      }
    >
      {(answer) => <Found companions={answer} />}
    </QuestionForm>
  );
}

function Found({ companions }: { companions: Companions }) {
  const { t } = useI18n();
  const count = useCount();
  // without cells of the case a nought would look like an answer
  if (companions.cells === 0) return <p className="z-waiting">{t("companions.noCells")}</p>;
  return (
    <>
      <dl className="z-costs">
        <div>
          <span>{t("companions.persons")}</span>
          <b className="z-num">{count(companions.persons)}</b>
        </div>
        <div>
          <span>{t("companions.cells")}</span>
          <b className="z-num">{number(companions.cells)}</b>
        </div>
      </dl>
      <p>
        {t("companions.rule", {
          minutes: number(companions.minutes),
          days: number(companions.days),
        })}{" "}
        <Rule id={companions.rule_id} verified={companions.verified} />
      </p>
      <CountBars
        title={t("venue.byCounty")}
        rows={companions.by_county.map(({ unit, persons }) => ({
          key: unit?.code ?? "",
          name: unit?.name ?? t("count.noCounty"),
          persons,
        }))}
      />
      <p className="z-hint">{t("count.small")}</p>
    </>
  );
}

import { Form, Table, type TableProps } from "antd";
import type { Common, CommonPlace } from "@/api/types.ts";
import { number, probability } from "@/shared/format/number.ts";
import { useCount } from "@/shared/format/useCount.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { CasesPicker } from "@/shared/ui/CasePicker.tsx";
import { Period } from "@/shared/ui/marks.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { PlaceName } from "./PlaceName.tsx";
import { QuestionForm, type Why } from "./QuestionForm.tsx";
import { useCommon } from "./queries.ts";

type Fields = Why & { case_ids: number[] };
/** One case has nothing in common with anybody. */
const FEWEST = 2;

/** Which places explain a cluster, against ordinary visits. */
export function CommonQuestion() {
  const { t } = useI18n();
  const [form] = Form.useForm<Fields>();
  const common = useCommon();
  return (
    <QuestionForm<Fields, Common>
      form={form}
      initial={{ purpose: "investigation" }}
      asking={common}
      send={(f) => common.mutate({ case_ids: f.case_ids, purpose: f.purpose, note: f.note.trim() })}
      fields={
        <Form.Item
          name="case_ids"
          label={t("common.cases")}
          rules={[{ required: true, type: "array", min: FEWEST, message: t("common.fewest") }]}
        >
          <CasesPicker />
        </Form.Item>
      }
    >
      {(answer) => <Found common={answer} />}
    </QuestionForm>
  );
}

function Found({ common }: { common: Common }) {
  const { t } = useI18n();
  const columns = useColumns(common.asked);
  return (
    <>
      <p className="z-answer-head">
        {t("common.tested", { asked: number(common.asked), tested: number(common.tested) })}
      </p>
      {common.places.length === 0 ? (
        <p className="z-hint z-answer-none">{t("common.nothing")}</p>
      ) : (
        <div className="z-table">
          <Table<CommonPlace>
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            columns={columns}
            dataSource={common.places}
            rowKey={(one) => `${one.place.name}-${one.place.kind}-${one.p}`}
            expandable={{
              columnTitle: <span className="z-unseen">{t("common.seen")}</span>,
              expandedRowRender: (one) => <Visits place={one} />,
              expandRowByClick: true,
            }}
          />
        </div>
      )}
      <p className="z-hint">{t("common.explain")}</p>
    </>
  );
}

function useColumns(asked: number): NonNullable<TableProps<CommonPlace>["columns"]> {
  const { t } = useI18n();
  const count = useCount();
  return [
    { key: "place", title: t("common.place"), render: (_, one) => <PlaceName place={one.place} /> },
    {
      key: "seen",
      title: t("common.seen"),
      render: (_, one) => <Seen seen={one.cases.length} expected={one.expected} asked={asked} />,
    },
    {
      key: "p",
      title: t("common.p"),
      align: "right",
      className: "z-num",
      render: (_, one) => probability(one.p),
    },
    {
      key: "adjusted",
      title: t("common.pAdjusted"),
      align: "right",
      className: "z-num",
      render: (_, one) => <b>{probability(one.p_adjusted)}</b>,
    },
    {
      key: "persons",
      title: t("venue.persons"),
      align: "right",
      className: "z-num",
      render: (_, one) => count(one.persons),
    },
    {
      key: "cases",
      title: t("desk.cases"),
      className: "z-wrap z-wrap-narrow",
      render: (_, one) => (
        <span className="z-row z-caselinks">
          {one.cases.map((c) => (
            <ViewLink key={c.id} path={`/cases/${c.id}`}>
              {c.case_no}
            </ViewLink>
          ))}
        </span>
      ),
    },
  ];
}

/** Cases seen here beside those chance would bring. */
function Seen({ seen, expected, asked }: { seen: number; expected: number; asked: number }) {
  const { t } = useI18n();
  const share = (n: number) => `${(Math.min(n, asked) / Math.max(1, asked)) * 100}%`;
  return (
    <span className="z-seen">
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: share(seen) }} />
        <i className="z-bar-mark" style={{ left: share(expected) }} />
      </span>
      <span className="z-num">{t("common.seenOf", { seen, expected: number(expected) })}</span>
    </span>
  );
}

function Visits({ place }: { place: CommonPlace }) {
  const numbers = new Map(place.cases.map((one) => [one.id, one.case_no]));
  return (
    <table className="z-exposures">
      <tbody>
        {place.visits.map((visit) => (
          <tr key={`${visit.case_id}-${visit.from}`}>
            <td>{numbers.get(visit.case_id) ?? visit.case_id}</td>
            <td>
              <Period from={visit.from} to={visit.to} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

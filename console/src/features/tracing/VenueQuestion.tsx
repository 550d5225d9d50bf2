import { Form } from "antd";
import type { Venue } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useCount } from "@/shared/format/useCount.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { CountBars } from "./CountBars.tsx";
import { HourChart } from "./HourChart.tsx";
import { PlaceName } from "./PlaceName.tsx";
import { PlacePicker } from "./PlacePicker.tsx";
import {
  instants,
  QuestionForm,
  type Range,
  RangeField,
  useLastDays,
  type Why,
} from "./QuestionForm.tsx";
import { useVenue } from "./queries.ts";

type Fields = Why & { place: number; range: Range };

/** Who was at this place between t1 and t2: counts only, for a notice to the public. */
export function VenueQuestion() {
  const { t } = useI18n();
  const [form] = Form.useForm<Fields>();
  const venue = useVenue();
  const range = useLastDays(3);
  return (
    <QuestionForm<Fields, Venue>
      form={form}
      initial={{ range, purpose: "notice" }}
      asking={venue}
      send={(f) =>
        venue.mutate({
          place: f.place,
          ...instants(f.range),
          purpose: f.purpose,
          note: f.note.trim(),
        })
      }
      fields={
        <>
          <Form.Item
            name="place"
            label={t("venue.place")}
            rules={[{ required: true, message: t("form.required") }]}
          >
            <PlacePicker />
          </Form.Item>
          <RangeField />
        </>
      }
    >
      {(answer) => <Found venue={answer} />}
    </QuestionForm>
  );
}

function Found({ venue }: { venue: Venue }) {
  const { t } = useI18n();
  const count = useCount();
  return (
    <>
      <p className="z-answer-head">
        <PlaceName place={venue.place} />
      </p>
      <dl className="z-costs">
        <div>
          <span>{t("venue.persons")}</span>
          <b className="z-num">{count(venue.persons)}</b>
        </div>
        <div>
          <span>{t("venue.cases")}</span>
          <b className="z-num">{number(venue.cases)}</b>
        </div>
      </dl>
      <h3>{t("venue.byHour")}</h3>
      <HourChart hours={venue.by_hour} />
      <div className="z-answer-columns">
        <CountBars
          title={t("venue.bySpot")}
          rows={venue.by_spot.map((one) => ({ key: one.name, ...one }))}
        />
        <CountBars
          title={t("venue.byCounty")}
          rows={venue.by_county.map(({ unit, persons }) => ({
            key: unit?.code ?? "",
            name: unit?.name ?? t("count.noCounty"),
            persons,
          }))}
        />
      </div>
      <p className="z-hint">{t("count.small")}</p>
    </>
  );
}

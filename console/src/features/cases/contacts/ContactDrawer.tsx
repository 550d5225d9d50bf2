import { Button, Drawer } from "antd";
import type { ContactDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Rule, State, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useMay } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { ChainLinks } from "./ChainLinks.tsx";
import { DecisionBar } from "./DecisionBar.tsx";
import { ExposureRows } from "./ExposureRows.tsx";
import { degreeOf } from "./kinds.ts";
import { useContact } from "./queries.ts";
import { ScoreParts } from "./ScoreParts.tsx";
import { TwoPlaces } from "./TwoPlaces.tsx";

/** One contact beside the list: why he is on it, what was decided, what would clear him. */
export function ContactDrawer({ id, close }: { id: number | null; close: () => void }) {
  const { t } = useI18n();
  const narrow = useNarrow();
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      size={narrow ? "100%" : 600}
      destroyOnHidden
      mask={false}
      className="z-drawer z-drawer-clock"
      title={t("contact.title")}
    >
      {id === null ? null : <Loaded key={id} id={id} />}
    </Drawer>
  );
}

function Loaded({ id }: { id: number }) {
  const { t } = useI18n();
  const contact = useContact(id);
  return (
    <Answered query={contact} rows={10}>
      {(data) => (
        <article className="z-clockpage">
          <div className="z-clockpage-scroll">
            <Head contact={data} />
            <Clearing clearing={data.clearing} />
            <ChainLinks chains={data.chains} />
            <h3>
              {t("contact.exposures")} <small>{number(data.exposures_count)}</small>
            </h3>
            <ExposureRows contact={data} />
            {contact.hasNextPage ? (
              <div className="z-more">
                <Button
                  size="small"
                  loading={contact.isFetchingNextPage}
                  onClick={() => contact.fetchNextPage()}
                >
                  {t("list.more")}
                </Button>
              </div>
            ) : null}
            <h3>{t("contact.score")}</h3>
            <ScoreParts contact={data} />
            <Decisions decisions={data.decisions} />
          </div>
          <DecisionBar contact={data} />
        </article>
      )}
    </Answered>
  );
}

function Head({ contact }: { contact: ContactDetail }) {
  const { t, term, text } = useI18n();
  return (
    <header>
      <h2>
        {contact.masked_name} <State group="contactState" state={contact.state} />
      </h2>
      <p className="z-row">
        <b>{term("degree", degreeOf(contact))}</b>
        {contact.kind ? <span>{term("contactKind", contact.kind)}</span> : null}
        <span>{contact.unit.name}</span>
        <ViewLink path={`/cases/${contact.case.id}`}>{contact.case.case_no}</ViewLink>
        {contact.is_case ? <b className="z-mark-case">{t("contact.isCase")}</b> : null}
        {contact.two_places ? <TwoPlaces /> : null}
        <Whereabouts id={contact.id} />
      </p>
      <p>
        {text(contact.rule)} <Rule id={contact.rule_id} />
      </p>
      {contact.by_hand ? (
        <p>
          <span className="z-tag">{t("contact.handNote")}</span> {contact.note}
        </p>
      ) : null}
      <dl className="z-facts">
        <dt>{t("contact.first")}</dt>
        <dd>
          <When at={contact.first_exposure} />
        </dd>
        <dt>{t("contact.last")}</dt>
        <dd>
          <When at={contact.last_exposure} />
        </dd>
        <dt>{t("contact.release")}</dt>
        <dd>
          <Day on={contact.release_on} />
        </dd>
      </dl>
    </header>
  );
}

/** To the question where he went, which is put for a purpose and on the record. */
function Whereabouts({ id }: { id: number }) {
  const { t } = useI18n();
  if (!useMay("tracing.ask")) return null;
  return (
    <ViewLink path="/tracing" params={{ ask: "timeline", contact: id }}>
      {t("contact.whereabouts")}
    </ViewLink>
  );
}

function Clearing({ clearing }: { clearing: ContactDetail["clearing"] }) {
  const { t, text } = useI18n();
  if (clearing.length === 0) return null;
  return (
    <>
      <h3>{t("contact.clearing")}</h3>
      <ul className="z-bullets">
        {clearing.map((one) => (
          <li key={one.en}>{text(one)}</li>
        ))}
      </ul>
    </>
  );
}

function Decisions({ decisions }: { decisions: ContactDetail["decisions"] }) {
  const { t, term } = useI18n();
  return (
    <>
      <h3>{t("contact.decisions")}</h3>
      {decisions.length === 0 ? <p className="z-hint">{t("contact.noDecision")}</p> : null}
      <ol className="z-events">
        {decisions.map((one) => (
          <li key={`${one.at}-${one.action}`}>
            <When at={one.at} short />
            <span>
              <b>{term("contactAction", one.action)}</b> {term("actor", one.by)}
              {one.reason ? <q>{one.reason}</q> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

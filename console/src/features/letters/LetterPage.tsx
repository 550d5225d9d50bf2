import { Button } from "antd";
import type { LetterDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { LetterDue } from "@/shared/ui/LetterDue.tsx";
import { Rule, State, When } from "@/shared/ui/marks.tsx";
import { SubjectClocks } from "@/shared/ui/SubjectClocks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { LetterActions } from "./LetterActions.tsx";
import { LetterRows } from "./LetterRows.tsx";
import { useLetter } from "./queries.ts";

export function LetterPage({ id }: { id: number }) {
  const { t } = useI18n();
  const letter = useLetter(id);
  return (
    <Answered query={letter}>
      {(data) => (
        <article className="z-directive">
          <div className="z-directive-scroll">
            <Head letter={data} />
            <SubjectClocks kind="letter" id={data.id} />
            <h3>
              {t("letter.rows")} <small>{number(data.persons)}</small>
            </h3>
            <LetterRows rows={data.rows} />
            {letter.hasNextPage ? (
              <div className="z-more">
                <Button
                  size="small"
                  loading={letter.isFetchingNextPage}
                  onClick={() => letter.fetchNextPage()}
                >
                  {t("list.more")}
                </Button>
              </div>
            ) : null}
            <Receipts receipts={data.receipts} />
          </div>
          <LetterActions letter={data} />
        </article>
      )}
    </Answered>
  );
}

function Head({ letter }: { letter: LetterDetail }) {
  const { t, term } = useI18n();
  return (
    <header>
      <p className="z-head-note">
        {term("letterKind", letter.kind)}
        {letter.supplement_to ? ` · ${t("letter.supplement", { no: letter.supplement_to })}` : ""}
      </p>
      <h2>{letter.no}</h2>
      <p className="z-row">
        <State group="letterState" state={letter.state} /> <LetterDue letter={letter} />{" "}
        <Rule id={letter.rule_id} verified={letter.verified} />
      </p>
      <dl className="z-facts">
        <dt>{t("letter.from")}</dt>
        <dd>{letter.from.name}</dd>
        <dt>{t("letter.to")}</dt>
        <dd>{letter.to.name}</dd>
        <dt>{t("search.case")}</dt>
        <dd>
          <ViewLink path={`/cases/${letter.case.id}`}>{letter.case.case_no}</ViewLink>
        </dd>
        <dt>{t("letter.made")}</dt>
        <dd>
          <When at={letter.made_at} />
        </dd>
        <dt>{t("letter.receivedAt")}</dt>
        <dd>
          <When at={letter.received_at} />
        </dd>
        <dt>{t("letter.due")}</dt>
        <dd>
          <When at={letter.due_at} />
        </dd>
      </dl>
      {letter.note ? <p className="z-directive-text">{letter.note}</p> : null}
    </header>
  );
}

function Receipts({ receipts }: { receipts: LetterDetail["receipts"] }) {
  const { t, term } = useI18n();
  const figures = (one: LetterDetail["receipts"][number]): string =>
    (["found", "controlled", "not_found"] as const)
      .flatMap((name) => {
        const n = one[name];
        return n === null ? [] : [`${term("receiptFigure", name)} ${number(n)}`];
      })
      .join(" · ");
  return (
    <>
      <h3>{t("letter.receipts")}</h3>
      {receipts.length === 0 ? <p className="z-hint">{t("letter.noReceipt")}</p> : null}
      <ol className="z-events">
        {receipts.map((one) => (
          <li key={`${one.at}-${one.action}`}>
            <When at={one.at} short />
            <span>
              <b>{term("receiptAction", one.action)}</b> {one.unit.name} · {term("actor", one.by)}{" "}
              <span className="z-num">{figures(one)}</span>
              {one.note ? <q>{one.note}</q> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

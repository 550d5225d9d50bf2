import type { CodeDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Judged } from "@/shared/rules/Judged.tsx";
import { Grade, Rule, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useCode } from "./queries.ts";

export function CodePage({ id }: { id: number }) {
  const code = useCode(id);
  return <Answered query={code}>{(data) => <Code code={data} />}</Answered>;
}

/** One colour: the reason, when it ends, the way to it, and how to appeal. */
function Code({ code }: { code: CodeDetail }) {
  const { t, term, text } = useI18n();
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <h2>
            {code.person} · {code.unit.name}
          </h2>
          <p className="z-row">
            <Grade grade={code.colour} /> {text(code.reason)}{" "}
            <Rule id={code.rule_id} verified={code.verified} />
          </p>
        </header>
        <dl className="z-facts">
          <dt>{t("codes.since")}</dt>
          <dd>
            <When at={code.since} />
          </dd>
          <dt>{t("codes.until")}</dt>
          <dd>{code.until ? <When at={code.until} /> : t("codes.noEnd")}</dd>
          <dt>{t("codes.setBy")}</dt>
          <dd>{term("actor", code.set_by)}</dd>
        </dl>
        <h3>{t("trace.title")}</h3>
        <Judged
          words={code.words}
          trace={code.trace}
          version={code.pack_version}
          subject="person"
        />
        {code.appeal ? (
          <>
            <h3>{t("codes.appeal")}</h3>
            <p>{text(code.appeal)}</p>
          </>
        ) : null}
      </div>
    </article>
  );
}

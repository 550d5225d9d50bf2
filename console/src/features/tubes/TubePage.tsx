import type { TableProps } from "antd";
import type { TubeItem, TubeMemberItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { Due } from "./Due.tsx";
import { useTube, useTubeMembers } from "./queries.ts";
import { share } from "./share.ts";

export function TubePage({ id }: { id: number }) {
  const tube = useTube(id);
  return <Answered query={tube}>{(data) => <Tube tube={data} />}</Answered>;
}

/** One positive tube: what is known of it, and each of its members until he has a result. */
function Tube({ tube }: { tube: TubeItem }) {
  const { t, term } = useI18n();
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <p className="z-head-note">{tube.unit.name}</p>
          <h2>
            {tube.code} · {term("tubeResult", tube.result)}
          </h2>
          <p className="z-row">{term("tubeState", tube.state)}</p>
        </header>
        {tube.state === "open" ? <p className="z-hint">{t("tubes.rule")}</p> : null}
        <dl className="z-facts">
          <dt>{t("tubes.reported")}</dt>
          <dd>
            <When at={tube.reported_at} />
          </dd>
          <dt>{t("tubes.due")}</dt>
          <dd>
            <Due tube={tube} />
          </dd>
          <dt>{t("tubes.sampled")}</dt>
          <dd>
            <When at={tube.sampled_at} />
          </dd>
          <dt>{t("tubes.laboratory")}</dt>
          <dd>{tube.laboratory}</dd>
          <dt>{t("tubes.swabs")}</dt>
          <dd className="z-num">{tube.swabs}</dd>
          <dt>{t("tubes.known")}</dt>
          <dd className="z-num">{share(tube.members, tube.swabs)}</dd>
          <dt>{t("tubes.again")}</dt>
          <dd className="z-num">{share(tube.recollected, tube.swabs)}</dd>
          <dt>{t("tubes.resulted")}</dt>
          <dd className="z-num">{share(tube.resulted, tube.swabs)}</dd>
          <dt>{t("tubes.positive")}</dt>
          <dd className="z-num">{tube.positive}</dd>
        </dl>
        <h3>{t("tubes.members")}</h3>
        <Members id={tube.id} />
      </div>
    </article>
  );
}

function Members({ id }: { id: number }) {
  const { t, term } = useI18n();
  const keyset = useTubeMembers(id);
  const columns: TableProps<TubeMemberItem>["columns"] = [
    {
      key: "name",
      title: t("tubes.name"),
      render: (_, one) => one.masked_name || t("tubes.unnamed"),
    },
    { key: "home", title: t("tubes.home"), render: (_, one) => one.unit.name },
    {
      key: "again",
      title: t("tubes.recollectedAt"),
      render: (_, one) =>
        one.recollected_at ? <When at={one.recollected_at} short /> : <b>{t("tubes.waits")}</b>,
    },
    {
      key: "result",
      title: t("tubes.ownResult"),
      render: (_, one) => (one.result ? term("tubeResult", one.result) : "–"),
    },
  ];
  return (
    <KeysetTable<TubeMemberItem>
      keyset={keyset}
      rowKey="id"
      columns={columns}
      empty={{ title: t("tubes.nobody"), hint: t("tubes.nobodyHint") }}
    />
  );
}

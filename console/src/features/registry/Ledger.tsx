import { Button } from "antd";
import type { ThingDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period, When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useRelease } from "./queries.ts";

/** Who has what of it, and until when; what was taken by hand can be given back here. */
export function Ledger({ thing }: { thing: ThingDetail }) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  const may = useMay("resource.write") && !asOf;
  const release = useRelease(thing.id);
  const told = useTold();
  return (
    <>
      <h3>{t("registry.ledger")}</h3>
      {thing.holds.length === 0 ? <p className="z-hint">{t("registry.noHolds")}</p> : null}
      <ol className="z-events">
        {thing.holds.map((one) => {
          const [holder = "", number_] = one.holder.split(":");
          return (
            <li key={one.id}>
              <Period from={one.begins} to={one.ends} />
              <span>
                <b className="z-num">
                  {number(one.amount)} {term("pool", one.pool)}
                </b>{" "}
                {term("holder", holder)} {number_ ?? ""} {one.note} · {term("actor", one.by)}{" "}
                {one.released_at ? (
                  <small>
                    {t("registry.released")} <When at={one.released_at} short />
                  </small>
                ) : may && one.holder === "person" ? (
                  <Button
                    size="small"
                    loading={release.isPending}
                    onClick={() => release.mutate([one.id], { onError: told.failed })}
                  >
                    {t("registry.release")}
                  </Button>
                ) : null}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

import { Button, type TableProps } from "antd";
import { useState } from "react";
import type { Conversion } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useConversions, useReverse } from "./queries.ts";

/** Every turn to emergency use and back: who, when, why, and taking it back. */
export function Conversions({ may }: { may: boolean }) {
  const { t, term } = useI18n();
  const keyset = useConversions();
  const [asking, setAsking] = useState<Conversion | null>(null);
  const reverse = useReverse();
  const told = useTold();
  const columns: TableProps<Conversion>["columns"] = [
    { key: "at", title: t("registry.at"), render: (_, one) => <When at={one.at} short /> },
    { key: "unit", title: t("field.unit"), render: (_, one) => one.unit.name },
    { key: "mode", title: t("registry.mode"), render: (_, one) => term("thingMode", one.mode) },
    {
      key: "kinds",
      title: t("resource.kind"),
      render: (_, one) => one.kinds.map((kind) => term("thingKind", kind)).join(" · "),
    },
    {
      key: "things",
      title: t("registry.things"),
      align: "right",
      className: "z-num",
      render: (_, one) => number(one.things),
    },
    { key: "why", title: t("decision.reason"), render: (_, one) => one.why },
    { key: "by", title: t("registry.by"), render: (_, one) => term("actor", one.by) },
    {
      key: "back",
      title: "",
      render: (_, one) =>
        one.reversed_at ? (
          <small>
            {t("registry.takenBack")} <When at={one.reversed_at} short />
          </small>
        ) : may ? (
          <Button size="small" onClick={() => setAsking(one)}>
            {t("registry.takeBack")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <h2 className="z-sub">{t("registry.conversions")}</h2>
      <KeysetTable<Conversion>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        empty={{ title: t("registry.noConversions"), hint: t("registry.noConversionsHint") }}
      />
      {asking ? (
        <ReasonModal
          open
          title={t("registry.takeBack")}
          reach={t("registry.takeBackReach", { n: asking.things, unit: asking.unit.name })}
          label={t("decision.reason")}
          required
          confirm={t("registry.takeBack")}
          busy={reverse.isPending}
          close={() => setAsking(null)}
          done={(why) =>
            reverse.mutate(
              { id: asking.id, why },
              { onSuccess: () => setAsking(null), onError: told.failed },
            )
          }
        />
      ) : null}
    </>
  );
}

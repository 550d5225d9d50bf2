import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { CaseDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PurposeModal } from "@/shared/ui/Purpose.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { PURPOSES, type Purpose, useOpenIdentity } from "./queries.ts";

/** Who it is: masked, until opened for a purpose, which is written down. */
export function Identity({
  caseId,
  identity,
}: {
  caseId: number;
  identity: CaseDetail["identity"];
}) {
  const { t } = useI18n();
  const may = useMay("identity.open");
  const told = useTold();
  const opened = useOpenIdentity(caseId);
  const [asking, setAsking] = useState(false);
  const shown = opened.data ?? identity;
  const open = (asked: { purpose: Purpose; note: string }) =>
    opened.mutate(asked, { onSuccess: () => setAsking(false), onError: told.failed });
  return (
    <section className="z-identity">
      <dl className="z-facts">
        <dt>{t("identity.name")}</dt>
        <dd>{shown.name}</dd>
        <dt>{t("identity.idNo")}</dt>
        <dd className="z-num">{shown.id_no}</dd>
        <dt>{t("identity.address")}</dt>
        <dd>{shown.address}</dd>
      </dl>
      {opened.data ? (
        <Button size="small" icon={<EyeInvisibleOutlined />} onClick={() => opened.reset()}>
          {t("identity.hide")}
        </Button>
      ) : may ? (
        <Button size="small" icon={<EyeOutlined />} onClick={() => setAsking(true)}>
          {t("identity.show")}
        </Button>
      ) : (
        <small className="z-hint">{t("identity.mayNot")}</small>
      )}
      {asking ? (
        <PurposeModal<Purpose>
          title={t("identity.show")}
          logged={t("identity.logged")}
          confirm={t("identity.open")}
          purposes={PURPOSES}
          busy={opened.isPending}
          close={() => setAsking(false)}
          done={open}
        />
      ) : null}
    </section>
  );
}

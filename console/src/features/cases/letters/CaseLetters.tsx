import { MailOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { Letter } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { useLetterColumns } from "@/shared/ui/letterColumns.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useKeyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";

/** Letters that ask counties to find this case's contacts, and what came back. */
export function CaseLetters({ caseId }: { caseId: number }) {
  const { t } = useI18n();
  const { query } = useView();
  const keyset = useKeyset(["letters", "case", caseId, query.as_of], (after) =>
    must(
      api.GET("/api/v1/letters", {
        params: {
          query: {
            case: caseId,
            ...(query.as_of ? { as_of: query.as_of } : {}),
            ...(after ? { after } : {}),
          },
        },
      }),
    ),
  );
  const columns = useLetterColumns("of-case");
  return (
    <section className="z-list">
      <header className="z-row z-contacts-head">
        <small>{t("letters.explain")}</small>
        <Make caseId={caseId} />
      </header>
      <KeysetTable<Letter>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        empty={{ title: t("letters.none"), hint: t("letters.noneHint") }}
      />
    </section>
  );
}

function useMakeLetters(caseId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ note, key }: { note: string; key: string }) =>
      must(
        api.POST("/api/v1/cases/{id}/letters", {
          params: { path: { id: caseId }, header: { "Idempotency-Key": key } },
          body: { note },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["letters"] }),
  });
}

function Make({ caseId }: { caseId: number }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("letter.send");
  const told = useTold();
  const make = useMakeLetters(caseId);
  const [key, setKey] = useState<string | null>(null);
  if (!may || asOf) return null;
  const send = (note: string) =>
    make.mutate(
      { note, key: key ?? idempotencyKey() },
      {
        onSuccess: (made) => {
          told.done(t("letters.made", { n: made.length }));
          setKey(null);
        },
        onError: told.failed,
      },
    );
  return (
    <>
      <Button
        size="small"
        type="primary"
        className="z-push"
        icon={<MailOutlined />}
        onClick={() => setKey(idempotencyKey())}
      >
        {t("letters.make")}
      </Button>
      <ReasonModal
        open={key !== null}
        title={t("letters.make")}
        reach={t("letters.makeReach")}
        label={t("letters.note")}
        required={false}
        confirm={t("letters.make")}
        busy={make.isPending}
        close={() => setKey(null)}
        done={send}
      />
    </>
  );
}

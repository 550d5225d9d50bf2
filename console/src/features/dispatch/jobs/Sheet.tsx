import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { JobDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useSheet } from "../queries.ts";

/** The job on paper.  It may name people, so whoever fetches it is told that this goes on record. */
export function Sheet({ job }: { job: JobDetail }) {
  const { t, lang } = useI18n();
  const told = useTold();
  const [asking, setAsking] = useState(false);
  const sheet = useSheet(job.id);
  const fetch = () =>
    sheet.mutate(lang, {
      onSuccess: (blob) => {
        save(blob, `${job.code.replace(/\W+/g, "-")}-${job.id}.docx`);
        setAsking(false);
      },
      onError: told.failed,
    });
  return (
    <footer className="z-job-foot">
      <Button icon={<DownloadOutlined />} onClick={() => setAsking(true)}>
        {t("dispatch.sheet")}
      </Button>
      <Dialog
        open={asking}
        title={t("dispatch.sheet")}
        okText={t("dispatch.sheetFetch")}
        onCancel={() => setAsking(false)}
        onOk={fetch}
        okButtonProps={{ loading: sheet.isPending }}
        begin="confirm"
      >
        <p className="z-reach">{t("dispatch.sheetLogged")}</p>
      </Dialog>
    </footer>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

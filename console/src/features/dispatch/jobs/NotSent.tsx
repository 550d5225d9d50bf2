import { CloudUploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { JobDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import type { Waiting } from "./outbox.ts";

interface Props {
  job: JobDetail;
  waiting: readonly Waiting[];
  drop: (key: string) => void;
}

/** What was told of this job and has not arrived, and what the headquarters would not have. */
export function NotSent({ job, waiting, drop }: Props) {
  const { t, term, text } = useI18n();
  const late = waiting.filter((one) => one.tried && one.refused === undefined).length;
  const refused = waiting.filter((one) => one.refused !== undefined);
  const name = (no: number) => text(job.steps.find((one) => one.no === no)?.label);
  return (
    <>
      {late ? (
        <p className="z-job-waits" role="status">
          <CloudUploadOutlined /> {t("dispatch.notSentYet", { n: late })}
        </p>
      ) : null}
      {refused.map(({ key, body, refused: said }) => (
        <div key={key} className="z-job-refused" role="alert">
          <p>
            <b>
              {term("dispatchReceipt", body.what)}, {name(body.step)}, <When at={body.at} short />
            </b>
            : {text(said) || t("error.failed")}
          </p>
          <Button onClick={() => drop(key)}>{t("dispatch.seen")}</Button>
        </div>
      ))}
    </>
  );
}

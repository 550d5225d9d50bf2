import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { idempotencyKey } from "@/api/client.ts";
import type { LetterDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PurposeModal } from "@/shared/ui/Purpose.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { useFile } from "./queries.ts";
import { ReceiptDialog } from "./ReceiptDialog.tsx";
import type { FileAsked, ReceiptAction } from "./receipt.ts";

/** Which right of the letter each receipt needs. */
const NEEDS = { received: "receive", progress: "report", answered: "answer" } as const;

/** Sign for the letter, tell how far one is, answer; and the list with names, for a purpose. */
export function LetterActions({ letter }: { letter: LetterDetail }) {
  const { term } = useI18n();
  const { asOf } = useView();
  const [asking, setAsking] = useState<{ action: ReceiptAction; key: string } | null>(null);
  const { may } = letter;
  const actions = (["received", "progress", "answered"] as const).filter(
    (action) => may[NEEDS[action]],
  );
  if (asOf || !(actions.length || may.open)) return null;
  return (
    <footer className="z-actions">
      {actions.map((action, i) => (
        <Button
          key={action}
          type={i === 0 ? "primary" : "default"}
          onClick={() => setAsking({ action, key: idempotencyKey() })}
        >
          {term("receiptDo", action)}
        </Button>
      ))}
      {may.open ? <Download letter={letter} /> : null}
      {asking ? (
        <ReceiptDialog
          letter={letter}
          {...asking}
          idempotency={asking.key}
          close={() => setAsking(null)}
        />
      ) : null}
    </footer>
  );
}

const FILE_PURPOSES = ["investigation", "treatment", "transfer", "correction"] as const;

function Download({ letter }: { letter: LetterDetail }) {
  const { t } = useI18n();
  const [format, setFormat] = useState<FileAsked["format"] | null>(null);
  const file = useFile(letter.id);
  const told = useTold();
  const fetched = ({ purpose }: { purpose: string }) => {
    if (!format) return;
    file.mutate(
      { format, purpose },
      {
        onSuccess: (blob) => {
          save(blob, `${letter.no}.${format}`);
          setFormat(null);
        },
        onError: told.failed,
      },
    );
  };
  return (
    <>
      {(["xlsx", "csv"] as const).map((one) => (
        <Button key={one} icon={<DownloadOutlined />} onClick={() => setFormat(one)}>
          {one.toUpperCase()}
        </Button>
      ))}
      {format ? (
        <PurposeModal
          title={t("letter.file")}
          logged={t("letter.fileLogged", { n: letter.persons })}
          confirm={t("letter.fetch")}
          purposes={FILE_PURPOSES}
          note="none"
          busy={file.isPending}
          close={() => setFormat(null)}
          done={fetched}
        />
      ) : null}
    </>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

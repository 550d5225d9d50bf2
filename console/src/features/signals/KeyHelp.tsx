import { Modal } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";

const KEYS = ["j", "k", "x", "enter", "t", "d", "s", "?"] as const;
const SHOWN: Readonly<Record<(typeof KEYS)[number], string>> = {
  j: "J",
  k: "K",
  x: "X",
  enter: "Enter / Space",
  t: "T",
  d: "D",
  s: "S",
  "?": "?",
};

/** What each key of the list does. */
export function KeyHelp({ open, close }: { open: boolean; close: () => void }) {
  const { t, term } = useI18n();
  return (
    <Modal open={open} title={t("signals.keys")} onCancel={close} footer={null} destroyOnHidden>
      <dl className="z-facts">
        {KEYS.map((key) => (
          <Line key={key} keys={SHOWN[key]} does={term("signalsKey", key)} />
        ))}
      </dl>
      <p className="z-hint z-gap">{t("signals.keysHint")}</p>
    </Modal>
  );
}

function Line({ keys, does }: { keys: string; does: string }) {
  return (
    <>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{does}</dd>
    </>
  );
}

import { Modal, type ModalProps } from "antd";
import { type ReactNode, useEffect, useRef } from "react";

const FIELD = "input:not([disabled]), textarea:not([disabled])";
const CONFIRM = ".ant-modal-footer .ant-btn-primary";

interface Props extends ModalProps {
  /** Where the keyboard begins; without a field always at the button that does it. */
  begin?: "field" | "confirm";
}

/** A dialog that the keyboard is in from the first moment, with or without motion.
 *
 * `autoFocus` does not do: the field is mounted while the dialog is not yet displayed.
 */
export function Dialog({ begin = "field", children, ...modal }: Props) {
  return (
    <Modal {...modal}>
      <Begin open={modal.open ?? false} at={begin}>
        {children}
      </Begin>
    </Modal>
  );
}

function Begin(props: { open: boolean; at: "field" | "confirm"; children: ReactNode }) {
  const { open, at, children } = props;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const frame = requestAnimationFrame(() => {
      const field = at === "field" ? body.current?.querySelector<HTMLElement>(FIELD) : null;
      const confirm = body.current?.closest("[role=dialog]")?.querySelector<HTMLElement>(CONFIRM);
      (field ?? confirm)?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [open, at]);
  return <div ref={body}>{children}</div>;
}

import { ArrowLeftOutlined, CloseOutlined } from "@ant-design/icons";
import { Button, Splitter } from "antd";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useNarrow } from "./useMedia.ts";

interface Props {
  path: string;
  list: ReactNode;
  detail: ReactNode | null;
  /** Shown beside the list while nothing is chosen; without it the list takes all the room. */
  placeholder?: ReactNode;
  listSize?: string | number;
}

/** The one pattern of all desks: list, and detail beside it; on a phone one at a time. */
export function Desk({ path, list, detail, placeholder, listSize = "56%" }: Props) {
  const narrow = useNarrow();
  if (narrow)
    return (
      <div className="z-desk z-desk-narrow">
        {detail ? <Framed path={path}>{detail}</Framed> : list}
      </div>
    );
  if (!detail && !placeholder) return <div className="z-desk">{list}</div>;
  return (
    <Splitter className="z-desk">
      <Splitter.Panel defaultSize={listSize} min={320} max="75%">
        {list}
      </Splitter.Panel>
      <Splitter.Panel>
        {detail ? <Framed path={path}>{detail}</Framed> : placeholder}
      </Splitter.Panel>
    </Splitter>
  );
}

function Framed({ path, children }: { path: string; children: ReactNode }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const narrow = useNarrow();
  const current = new URLSearchParams(window.location.search);
  const back = () => go(to(path, Object.fromEntries(current)));
  return (
    <section className="z-detail">
      <Button
        type="text"
        className="z-detail-close"
        aria-label={t(narrow ? "action.back" : "action.close")}
        icon={narrow ? <ArrowLeftOutlined /> : <CloseOutlined />}
        onClick={back}
      />
      {children}
    </section>
  );
}

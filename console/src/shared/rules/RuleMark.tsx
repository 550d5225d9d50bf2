import { CheckCircleFilled, EditOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";

function sign(mark: string): ReactNode {
  switch (mark) {
    case "V":
      return <CheckCircleFilled className="z-ok" />;
    case "D":
      return <EditOutlined />;
    default:
      return <QuestionCircleOutlined className="z-warn" />;
  }
}

/** How far a rule can be trusted, in words: read in a source, recalled, or our own design. */
export function RuleMark({ mark, id }: { mark: string; id?: string }) {
  const { term } = useI18n();
  return (
    <Tooltip title={term("ruleMarkHint", mark)}>
      <span className="z-rule">
        {sign(mark)}
        {id ? <b>{id}</b> : null} {term("ruleMark", mark)}
      </span>
    </Tooltip>
  );
}

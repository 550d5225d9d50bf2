import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseSquareFilled,
  MinusCircleOutlined,
  PieChartOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { known, type SourceState } from "./states.ts";

const ICONS: Readonly<Record<SourceState, ReactNode>> = {
  ok: <CheckCircleOutlined />,
  late: <ClockCircleOutlined />,
  partial: <PieChartOutlined />,
  outage: <CloseSquareFilled />,
  never: <MinusCircleOutlined />,
};

/** The state of a source: a colour, a shape and always its word. */
export function SourceMark({ state }: { state: string }) {
  const { term } = useI18n();
  const one = known(state);
  return (
    <span className={`z-srcstate z-srcstate-${state}`}>
      {one ? ICONS[one] : null} {term("sourceState", state)}
    </span>
  );
}

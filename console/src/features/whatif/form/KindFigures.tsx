import { InputNumber } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PLACES } from "../fields.ts";
import type { Tier } from "../shapes.ts";

interface Props {
  label: string;
  /** Shares in per cent; else minutes. */
  share: boolean;
  rows: Tier[];
  set: (rows: Tier[]) => void;
}

/** A figure for each kind of place; an empty one is not named. */
export function KindFigures({ label, share, rows, set }: Props) {
  const { t, term } = useI18n();
  const times = share ? 100 : 1;
  const empty = share ? "100" : t(rows.length ? "whatif.noContact" : "whatif.anyMeeting");
  return (
    <div className="z-whatif-bykind">
      {PLACES.map((kind) => {
        const known = rows.find(([one]) => one === kind)?.[1];
        return (
          <div key={kind}>
            <small>{term("placeKind", kind)}</small>
            <InputNumber
              size="small"
              aria-label={`${label}: ${term("placeKind", kind)}`}
              min={0}
              {...(share ? { max: 100 } : {})}
              placeholder={empty}
              suffix={term("whatifUnit", share ? "share" : "minutes")}
              value={known === undefined ? null : Math.round(known * times * 10) / 10}
              onChange={(n) => set(withKind(rows, kind, n === null ? null : n / times))}
            />
          </div>
        );
      })}
    </div>
  );
}

/** With another figure of one kind, or without it; in the order of the kinds. */
export function withKind(rows: readonly Tier[], kind: string, figure: number | null): Tier[] {
  return PLACES.flatMap((one): Tier[] => {
    if (one === kind) return figure === null ? [] : [[one, figure]];
    const kept = rows.find(([name]) => name === one);
    return kept ? [kept] : [];
  });
}

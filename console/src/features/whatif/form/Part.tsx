import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useId, useState } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FIELDS, type Field, type PartName } from "../fields.ts";
import { Control } from "./Control.tsx";
import type { WhatIfArea } from "./places.ts";
import { useTroubles } from "./troubled.tsx";

interface Props<T extends object> {
  part: PartName;
  /** Where it stands in the option: "tracing", "areas.0". */
  path: string;
  value: T;
  set: (value: T) => void;
  areas: readonly WhatIfArea[];
}

/** The fields of one part of an option; those of experts are folded away. */
export function Part<T extends object>({ part, path, value, set, areas }: Props<T>) {
  const { t } = useI18n();
  const [all, setAll] = useState(false);
  const fields: readonly Field[] = FIELDS[part];
  const folded = fields.some((field) => field.more);
  return (
    <div className="z-whatif-fields">
      {fields
        .filter((field) => all || !field.more)
        .map((field) => (
          <Entry
            key={field.key}
            part={part}
            path={`${path}.${field.key}`}
            field={field}
            value={(value as Record<string, unknown>)[field.key]}
            set={(to) => set({ ...value, [field.key]: to })}
            areas={areas}
          />
        ))}
      {folded ? (
        <Button
          type="link"
          size="small"
          className="z-inline z-whatif-more"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {t(all ? "whatif.less" : "whatif.more")}
        </Button>
      ) : null}
    </div>
  );
}

interface EntryProps {
  part: PartName;
  path: string;
  field: Field;
  value: unknown;
  set: (value: unknown) => void;
  areas: readonly WhatIfArea[];
}

function Entry({ part, path, field, value, set, areas }: EntryProps) {
  const { term } = useI18n();
  const id = useId();
  const trouble = useTroubles()(path);
  const label = term("whatifField", `${part}.${field.key}`);
  return (
    <div className={`z-whatif-field z-whatif-${field.kind}`} data-path={path}>
      <label htmlFor={id}>{label}</label>
      <Control
        id={id}
        field={field}
        value={value}
        set={set}
        wrong={Boolean(trouble)}
        label={label}
        areas={areas}
      />
      {trouble ? (
        <small role="alert" className="z-worse">
          {term("whatifTrouble", trouble.said)}
        </small>
      ) : null}
    </div>
  );
}

interface ListProps<T extends object> {
  part: "areas" | "rounds" | "closures";
  rows: T[];
  set: (rows: T[]) => void;
  /** What a new row begins with. */
  fresh: T;
  areas: readonly WhatIfArea[];
}

/** Restrictions, series of rounds, closures: any number of rows. */
export function PartList<T extends object>({ part, rows, set, fresh, areas }: ListProps<T>) {
  const { t, term } = useI18n();
  return (
    <>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <fieldset key={at} className="z-whatif-row">
          <legend>{t("whatif.rowOf", { what: term("whatifPart", part), n: at + 1 })}</legend>
          <Part
            part={part}
            path={`${part}.${at}`}
            value={row}
            set={(next) => set(rows.map((one, n) => (n === at ? next : one)))}
            areas={areas}
          />
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={t("whatif.removeRow", { what: term("whatifPart", part), n: at + 1 })}
            onClick={() => set(rows.filter((_, n) => n !== at))}
          />
        </fieldset>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => set([...rows, fresh])}>
        {term("whatifAdd", part)}
      </Button>
    </>
  );
}

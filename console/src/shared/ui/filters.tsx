import { Checkbox, Select } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";

interface SelectProps {
  /** Shown while nothing is chosen. */
  any: string;
  /** The code list the words of `codes` are in. */
  group: string;
  codes: readonly string[];
  value: string | undefined;
  choose: (code: string | null) => void;
  wide?: boolean;
}

/** Narrows a list to one code of a code list. */
export function FilterSelect({ any, group, codes, value, choose, wide = false }: SelectProps) {
  const { term } = useI18n();
  return (
    <Select
      allowClear
      size="small"
      className={wide ? "z-filter-wide" : "z-filter"}
      aria-label={any}
      placeholder={any}
      value={value}
      onChange={(code?: string) => choose(code ?? null)}
      options={codes.map((code) => ({ value: code, label: term(group, code) }))}
    />
  );
}

interface BoxProps {
  label: string;
  value: string | undefined;
  choose: (value: "true" | null) => void;
}

/** Narrows a list to what has a mark. */
export function FilterBox({ label, value, choose }: BoxProps) {
  return (
    <Checkbox
      checked={Boolean(value)}
      onChange={(event) => choose(event.target.checked ? "true" : null)}
    >
      {label}
    </Checkbox>
  );
}

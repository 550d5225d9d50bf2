import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { api, must } from "@/api/client.ts";
import type { UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

interface Props {
  id?: string;
  value?: string;
  onChange?: (code: string) => void;
  /** Only units of these levels. */
  levels?: readonly string[];
  /** One that is named before anything is typed. */
  first?: UnitRef;
}

/** One unit within one's rights, found by its name or code; part of a form. */
export function UnitPicker({ id, value, onChange, levels, first }: Props) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const q = useDeferredValue(words.trim());
  const found = useQuery({
    queryKey: ["find-units", q],
    queryFn: () => must(api.GET("/api/v1/units", { params: { query: { q } } })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
  const units: UnitRef[] = q ? (found.data ?? []) : first ? [first] : [];
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      showSearch={{ filterOption: false, onSearch: setWords }}
      aria-label={t("users.findUnit")}
      placeholder={t("users.findUnit")}
      loading={found.isFetching}
      options={units
        .filter((unit) => !levels || levels.includes(unit.level))
        .map((unit) => ({ value: unit.code, label: `${unit.name} ${unit.code}` }))}
    />
  );
}

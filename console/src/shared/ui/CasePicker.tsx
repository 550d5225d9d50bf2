import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { api, must } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";

const SHOWN = 30;

function useCaseOptions(words: string) {
  const { query } = useView();
  const q = useDeferredValue(words.trim());
  return useQuery({
    queryKey: ["pick-cases", q, query],
    queryFn: () =>
      must(
        api.GET("/api/v1/cases", {
          params: { query: { ...query, limit: SHOWN, ...(q ? { q } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
    select: (page) =>
      page.items.map((one) => ({
        value: one.id,
        label: `${one.case_no} ${one.unit.name}`,
      })),
  });
}

/** The name of a case that is not among those found, e.g. one that the address names. */
function useCaseName(id: number | undefined, known: readonly { value: number }[] | undefined) {
  const { query } = useView();
  const missing = id !== undefined && known !== undefined && !known.some((o) => o.value === id);
  const found = useQuery({
    queryKey: ["case-name", id, query.as_of],
    queryFn: () =>
      must(
        api.GET("/api/v1/cases/{id}", {
          params: { path: { id: id ?? 0 }, query: query.as_of ? { as_of: query.as_of } : {} },
        }),
      ),
    enabled: missing,
    select: (one) => `${one.case_no} ${one.unit.name}`,
  });
  return missing ? found.data : undefined;
}

interface OneProps {
  id?: string;
  value?: number;
  onChange?: (id: number) => void;
}
interface SomeProps {
  id?: string;
  value?: number[];
  onChange?: (ids: number[]) => void;
}

/** One case, found by its number; part of a form. */
export function CasePicker({ id, value, onChange }: OneProps) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = useCaseOptions(words);
  const name = useCaseName(value, found.data);
  return (
    <Select
      {...(id ? { id } : {})}
      showSearch={{ filterOption: false, onSearch: setWords }}
      value={value ?? null}
      onChange={(one: number | null) => {
        if (one !== null) onChange?.(one);
      }}
      labelRender={({ label, value: one }) => (one === value ? (name ?? label) : label) ?? one}
      loading={found.isFetching}
      options={found.data ?? []}
      placeholder={t("cases.search")}
    />
  );
}

/** Several cases. */
export function CasesPicker({ id, value, onChange }: SomeProps) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = useCaseOptions(words);
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      showSearch={{ filterOption: false, onSearch: setWords }}
      value={value ?? []}
      onChange={(ids: number[]) => onChange?.(ids)}
      loading={found.isFetching}
      options={found.data ?? []}
      placeholder={t("cases.search")}
    />
  );
}

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

interface OneProps {
  value?: number;
  onChange?: (id: number) => void;
}
interface SomeProps {
  value?: number[];
  onChange?: (ids: number[]) => void;
}

/** One case, found by its number; part of a form. */
export function CasePicker({ value, onChange }: OneProps) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = useCaseOptions(words);
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setWords }}
      value={value ?? null}
      onChange={(id: number | null) => {
        if (id !== null) onChange?.(id);
      }}
      loading={found.isFetching}
      options={found.data ?? []}
      placeholder={t("cases.search")}
    />
  );
}

/** Several cases. */
export function CasesPicker({ value, onChange }: SomeProps) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = useCaseOptions(words);
  return (
    <Select
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

import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useWholes } from "./queries.ts";

interface Props {
  kind: string;
  id?: string;
  value?: string;
  onChange?: (code: string) => void;
}

/** The site, laboratory or store that a thing stands in, found by its name; part of a form. */
export function WholePicker({ kind, id, value, onChange }: Props) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = useWholes(kind, useDeferredValue(words.trim()));
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      showSearch={{ filterOption: false, onSearch: setWords }}
      aria-label={t("registry.partOf")}
      placeholder={t("registry.find")}
      loading={found.isFetching}
      options={(found.data?.items ?? []).map((one) => ({ value: one.code, label: one.name }))}
    />
  );
}

import { AutoComplete, DatePicker, Form, Input, InputNumber, Radio } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import type { ReactNode } from "react";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { findFact, nameOf, useVocabulary } from "@/shared/rules/vocabulary.ts";
import { type Field, fieldOf } from "./factFields.ts";

/** One fact, asked for as what it is. Its name stands without dots: a dot means a path to the form. */
export function FactInput({
  name,
  subject,
  known,
}: {
  name: string;
  subject: string | null;
  /** Values the rule itself compares the fact with: offered, not required. */
  known: readonly string[];
}) {
  const { t, lang, term } = useI18n();
  const fact = findFact(name, subject);
  const field = fieldOf(fact);
  const words = useVocabulary(subject);
  const options = known.map((value) => ({ value, label: `${words.value(value, name)} ${value}` }));
  const rules =
    field === "json"
      ? [{ validator: (_: unknown, v: string) => checkJson(v, t("try.notJson")) }]
      : [];
  return (
    <Form.Item
      name={name.replaceAll(".", "/")}
      label={
        <>
          {fact ? nameOf(fact, lang) : term("fact", name)} <span className="z-code">{name}</span>
        </>
      }
      rules={rules}
      extra={name === "now" ? t("try.nowHint") : undefined}
      {...(field === "day" || field === "moment" ? dated(field) : {})}
    >
      {input(field, { yes: t("expr.yes"), no: t("expr.no"), none: t("try.notSaid") }, options)}
    </Form.Item>
  );
}

function checkJson(text: string | undefined, message: string): Promise<void> {
  if (!text) return Promise.resolve();
  try {
    return Array.isArray(JSON.parse(text)) ? Promise.resolve() : Promise.reject(new Error(message));
  } catch {
    return Promise.reject(new Error(message));
  }
}

/** What is picked is read as Beijing time, and kept as the text the service reads. */
function dated(field: "day" | "moment") {
  return {
    getValueProps: (value: string | undefined) => ({
      value: value ? dayjs(minute(value)) : null,
    }),
    normalize: (value: Dayjs | null) => {
      if (!value) return undefined;
      if (field === "day") return value.format("YYYY-MM-DD");
      return `${value.format("YYYY-MM-DDTHH:mm")}:00+08:00`;
    },
  };
}

function input(
  field: Field,
  words: { yes: string; no: string; none: string },
  options: { value: string; label: string }[],
): ReactNode {
  switch (field) {
    case "moment":
      return <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" />;
    case "day":
      return <DatePicker />;
    case "number":
      return <InputNumber />;
    case "flag":
      return (
        <Radio.Group
          options={[
            { value: "yes", label: words.yes },
            { value: "no", label: words.no },
            { value: "", label: words.none },
          ]}
        />
      );
    case "json":
      return <Input.TextArea rows={3} className="z-code" placeholder="[{ }]" />;
    case "text":
      return options.length ? <AutoComplete allowClear options={options} /> : <Input />;
  }
}

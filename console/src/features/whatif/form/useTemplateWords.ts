import { useI18n } from "@/shared/i18n/context.tsx";
import type { WhatIfForm } from "../queries.ts";

type Template = WhatIfForm["templates"][number];

/** The name of a template and what it does, in the language one reads. */
export function useTemplateWords(): {
  nameOf: (template: Template) => string;
  toldOf: (template: Template) => string;
} {
  const { term } = useI18n();
  return {
    nameOf: ({ name }) => term("whatifTemplate", String(name)),
    toldOf: ({ told }) => term("whatifTold", String(told ?? "")),
  };
}

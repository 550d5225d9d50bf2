import { useMemo } from "react";
import { number } from "@/shared/format/number.ts";
import { day, minute } from "@/shared/format/time.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import type { Key, Vars } from "@/shared/i18n/catalogue.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import facts from "./facts.gen.json";

export interface FactWords {
  type: string;
  zh: string;
  en: string;
  of?: string;
  items?: Record<string, FactWords>;
}
interface SubjectWords {
  zh: string;
  en: string;
  facts: Record<string, FactWords>;
}
export interface FigureWords {
  title: string;
  value: unknown;
  unit: string;
}
/** The words in which rules are told; without React, so that it can be tested. */
export interface Vocabulary {
  say: (name: string, vars: Vars) => string;
  fact: (path: string) => string;
  figure: (key: string) => FigureWords | null;
  /** A literal or a value found; `near` is the fact it stands beside. */
  value: (value: unknown, near?: string | null) => string;
  /** A figure's value with its unit, as one says it. */
  amount: (value: unknown, unit: string) => string;
}

const SUBJECTS: Readonly<Record<string, SubjectWords>> = facts;

/** What is known of a fact: of its own subject first, else of the first subject that has it. */
export function findFact(path: string, subject?: string | null): FactWords | null {
  const last = path.split(".").at(-1) ?? path;
  if (last === "now") return SUBJECTS.any?.facts.now ?? null;
  const own = subject ? SUBJECTS[subject]?.facts : undefined;
  if (own?.[last]) return own[last];
  for (const list of Object.values(own ?? {})) {
    const inside = list.items?.[last] ?? (list.of ? SUBJECTS[list.of]?.facts[last] : undefined);
    if (inside) return inside;
  }
  for (const one of Object.values(SUBJECTS)) {
    if (one.facts[last]) return one.facts[last];
  }
  return null;
}

/** The name without what follows it as an explanation: "Level: signal, cluster" is "Level". */
export function nameOf(fact: FactWords, lang: "zh" | "en"): string {
  const [short = ""] = fact[lang].split(/: |\uff1a|, e\.g\. /);
  return lang === "en" ? short.charAt(0).toLowerCase() + short.slice(1) : short;
}

/** Groups of words in which the value of a fact is looked for, by the fact's name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  category: ["caseCategory"],
  severity: ["severity"],
  site_kind: ["placeKind"],
  place_kind: ["placeKind"],
  colour: ["grade"],
  level: ["level"],
  zone_level: ["grade"],
  left_zone_level: ["grade"],
  disease: ["disease"],
  grade: ["outcome_grade"],
  measure: ["outcome_measure"],
  place: ["stagePlace"],
};

const DAY_NUMBERS = new Set(["day no.", "list of days", "day_number"]);
const DIFFERENT = /^count of different (.+)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

export function useVocabulary(
  subject?: string | null,
  figures?: (key: string) => FigureWords | null,
): Vocabulary {
  const { t, term, lang } = useI18n();
  const { unit } = useFormat();
  return useMemo(() => {
    const word = (code: string, near: string | null | undefined): string => {
      const last = near?.split(".").at(-1) ?? "";
      const states = last === "state" && subject ? [`${subject}State`] : [];
      for (const group of [...states, ...(GROUPS[last] ?? []), "value", "disease"]) {
        const found = term(group, code);
        if (found !== code) return found;
      }
      return code;
    };
    const told = (value: unknown, near?: string | null): string => {
      if (value === null || value === undefined) return t("expr.unknown");
      if (typeof value === "boolean") return t(value ? "expr.yes" : "expr.no");
      if (typeof value === "number") return number(value);
      if (typeof value === "string") {
        if (INSTANT.test(value)) return minute(value);
        return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value) : word(value, near);
      }
      if (Array.isArray(value)) {
        const plain = value.every((one) => typeof one !== "object");
        return plain
          ? value.map((one) => told(one, near)).join(t("expr.comma"))
          : t("expr.rows", { n: value.length });
      }
      return Object.entries(value)
        .map(([name, one]) => `${named(name)} ${told(one, name)}`)
        .join(t("expr.comma"));
    };
    const amount = (value: unknown, code: string): string => {
      if (Array.isArray(value) && value.length === 0) return t("expr.none");
      if (DAY_NUMBERS.has(code)) return t("expr.dayNumbers", { a: told(value) });
      const counted = Array.isArray(value) ? typeof value[0] : typeof value;
      return counted === "number" ? `${told(value)} ${unit(code)}`.trim() : told(value);
    };
    const named = (path: string): string => {
      const different = DIFFERENT.exec(path)?.[1];
      if (different) return t("expr.different", { a: named(different) });
      const found = findFact(path, subject);
      return found ? nameOf(found, lang) : term("fact", path);
    };
    return {
      say: (name, vars) => t(`expr.${name}` as Key, vars),
      fact: named,
      figure: (key) => {
        return figures?.(key) ?? null;
      },
      value: told,
      amount,
    };
  }, [t, term, lang, unit, subject, figures]);
}

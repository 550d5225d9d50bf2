import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Text } from "@/api/types.ts";
import { type Key, type Lang, term, translate, type Vars } from "./catalogue.ts";

export interface I18n {
  lang: Lang;
  setLang: (lang: Lang) => void;
  t: (key: Key, vars?: Vars) => string;
  /** Word for a code of a code list: `term("caseState", "confirmed")`. */
  term: (group: string, code: string | null | undefined) => string;
  /** Text the server wrote in both languages. */
  text: (value: Text | null | undefined) => string;
}

const STORED = "zhongshu.lang";
const I18nContext = createContext<I18n | null>(null);

function firstLang(): Lang {
  const asked = new URLSearchParams(window.location.search).get("lang");
  const stored = asked ?? window.localStorage.getItem(STORED);
  return stored === "en" ? "en" : "zh";
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(firstLang);
  useEffect(() => {
    window.localStorage.setItem(STORED, lang);
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = translate(lang, "app.title");
  }, [lang]);
  const value = useMemo<I18n>(
    () => ({
      lang,
      setLang,
      t: (key, vars) => translate(lang, key, vars),
      term: (group, code) => (code ? term(lang, group, code) : ""),
      text: (both) => both?.[lang] ?? "",
    }),
    [lang],
  );
  return <I18nContext value={value}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const value = use(I18nContext);
  if (!value) throw new Error("useI18n outside I18nProvider");
  return value;
}

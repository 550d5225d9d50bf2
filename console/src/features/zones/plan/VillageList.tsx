import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Ground } from "./types.ts";

interface Props {
  ground: Ground;
  drawn: readonly string[];
  toggle: (code: string) => void;
  clear: () => void;
}

/** The same as drawing, by keyboard: villages with most of the evidence first. */
export function VillageList({ ground, drawn, toggle, clear }: Props) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const rows = ground.villages
    .filter((one) => one.name.includes(words) || one.code.startsWith(words))
    .sort((a, b) => b.inside.risk - a.inside.risk || a.code.localeCompare(b.code));
  return (
    <section className="z-plan-list" aria-label={t("zonePlan.villages")}>
      <header>
        <Input
          size="small"
          allowClear
          placeholder={t("zonePlan.find")}
          aria-label={t("zonePlan.find")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button size="small" disabled={drawn.length === 0} onClick={clear}>
          {t("zonePlan.clear")}
        </Button>
      </header>
      <ul>
        {rows.map((one) => (
          <li key={one.code}>
            <Checkbox checked={drawn.includes(one.code)} onChange={() => toggle(one.code)}>
              {one.name}
              {one.present ? <small> {t("zonePlan.inForce")}</small> : null}
            </Checkbox>
            <span className="z-num">
              {t("zonePlan.persons", { n: number(one.inside.people ?? 0) })}
              {one.inside.risk > 0 ? <b> {percent(one.inside.risk)}</b> : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

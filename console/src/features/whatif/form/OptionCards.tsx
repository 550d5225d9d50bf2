import { CopyOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import {
  add,
  asRegistered,
  type Draft,
  differs,
  type Loose,
  MOST_OPTIONS,
  remove,
  strip,
} from "../draft.ts";
import { OptionMark } from "../marks.tsx";
import type { WhatIfForm } from "../queries.ts";
import type { Option } from "../shapes.ts";
import { useSaid } from "../useSaid.ts";
import type { Trouble } from "../validate.ts";
import { useTemplateWords } from "./useTemplateWords.ts";

interface Props {
  draft: Draft;
  chosen: string;
  choose: (key: string) => void;
  set: (draft: Draft) => void;
  form: WhatIfForm;
  found: readonly Trouble[];
}

/** The options as cards: what each does, or by what it differs from the first. */
export function OptionCards({ draft, chosen, choose, set, form, found }: Props) {
  const { t } = useI18n();
  const usual = asRegistered(form);
  const full = draft.options.length >= MOST_OPTIONS;
  const grow = (raw: Loose, name: string) => {
    const next = add(draft, raw, name);
    set(next);
    choose(next.options.at(-1)?.key ?? chosen);
  };
  const drop = (key: string) => {
    const next = remove(draft, key);
    set(next);
    if (key === chosen) choose(next.options[0]?.key ?? "");
  };
  return (
    <section className="z-whatif-cards" aria-label={t("whatif.options")}>
      <h2 className="z-sub">
        {t("whatif.options")}{" "}
        <small>{t("whatif.optionsOf", { n: draft.options.length, of: MOST_OPTIONS })}</small>
      </h2>
      <ul>
        {draft.options.map((option, at) => (
          <li
            key={option.key}
            className={option.key === chosen ? "z-whatif-card z-chosen" : "z-whatif-card"}
          >
            <Card
              at={at}
              draft={draft}
              found={found}
              choose={() => choose(option.key)}
              chosen={option.key === chosen}
              usual={usual}
            />
            <Tools
              name={option.name}
              copy={full ? null : () => grow(strip(option), option.name)}
              drop={draft.options.length === 1 ? null : () => drop(option.key)}
            />
          </li>
        ))}
      </ul>
      <AddOption form={form} full={full} grow={grow} />
    </section>
  );
}

interface ToolProps {
  name: string;
  /** Null where it cannot be done. */
  copy: (() => void) | null;
  drop: (() => void) | null;
}

function Tools({ name, copy, drop }: ToolProps) {
  const { t } = useI18n();
  return (
    <span className="z-whatif-card-tools">
      <Button
        type="text"
        size="small"
        icon={<CopyOutlined />}
        disabled={copy === null}
        aria-label={t("whatif.copyOption", { name })}
        onClick={() => copy?.()}
      />
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        disabled={drop === null}
        aria-label={t("whatif.removeOption", { name })}
        onClick={() => drop?.()}
      />
    </span>
  );
}

interface CardProps {
  at: number;
  draft: Draft;
  found: readonly Trouble[];
  choose: () => void;
  chosen: boolean;
  usual: Option;
}

function Card({ at, draft, found, choose, chosen, usual }: CardProps) {
  const { t } = useI18n();
  const said = useSaid();
  const option = draft.options[at];
  const first = draft.options[0];
  if (!option) return null;
  const words = said(differs(option, at && first ? first : usual)).join(" · ");
  const wrong = found.filter((one) => one.option === option.key).length;
  return (
    <button type="button" className="z-whatif-card-main" aria-pressed={chosen} onClick={choose}>
      <OptionMark at={at} />
      <span>
        <b>{option.name || t("whatif.noName")}</b>
        {option.key === draft.against ? <i className="z-tag">{t("whatif.against")}</i> : null}
        <small>{words || t(at ? "whatif.sameAsFirst" : "whatif.nothing")}</small>
        {wrong ? <small className="z-worse">{t("whatif.wrong", { n: wrong })}</small> : null}
      </span>
    </button>
  );
}

interface AddProps {
  form: WhatIfForm;
  full: boolean;
  grow: (raw: Loose, name: string) => void;
}

function AddOption({ form, full, grow }: AddProps) {
  const { t } = useI18n();
  const { nameOf, toldOf } = useTemplateWords();
  return (
    <Dropdown
      trigger={["click"]}
      disabled={full}
      menu={{
        items: form.templates.map((template, at) => ({
          key: String(at),
          label: (
            <span className="z-directive-title">
              {nameOf(template)}
              <small>{toldOf(template)}</small>
            </span>
          ),
        })),
        onClick: ({ key }) => {
          const template = form.templates[Number(key)];
          if (template) grow(template as Loose, nameOf(template));
        },
      }}
    >
      <Button block icon={<PlusOutlined />} disabled={full}>
        {t(full ? "whatif.full" : "whatif.addOption")}
      </Button>
    </Dropdown>
  );
}

import { Button, Collapse, Input, InputNumber } from "antd";
import { useId, useState } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import {
  asRegistered,
  complete,
  differs,
  type Loose,
  type OptionDraft,
  priced,
  same,
  tiers,
} from "../draft.ts";
import type { WhatIfForm } from "../queries.ts";
import { AREA, CLOSURE, NOTHING, type Option, ROUND, type Tier } from "../shapes.ts";
import { useSaid } from "../useSaid.ts";
import { Costs } from "./Costs.tsx";
import { Part, PartList } from "./Part.tsx";
import { useTroubles } from "./troubled.tsx";

const PARTS = [
  "areas",
  "rounds",
  "tracing",
  "isolation",
  "capacities",
  "closures",
  "masks",
  "option",
  "costs",
] as const;
type PartKey = (typeof PARTS)[number];

interface Props {
  option: OptionDraft;
  set: (option: OptionDraft) => void;
  form: WhatIfForm;
}

/** Everything of one option; parts that change nothing are folded. */
export function OptionEditor({ option, set, form }: Props) {
  const { t, term } = useI18n();
  const said = useSaid();
  const usual = { ...asRegistered(form), costs: priced(form) };
  const [open, setOpen] = useState<PartKey[]>(() =>
    PARTS.filter((part) => touched(option, part, usual)),
  );
  return (
    <section className="z-whatif-editor">
      <Name option={option} set={set} />
      <Collapse
        size="small"
        activeKey={open}
        onChange={(keys) => setOpen(keys as PartKey[])}
        items={PARTS.map((part) => ({
          key: part,
          label: <b>{term("whatifPart", part)}</b>,
          extra: (
            <small>
              {said(differs(only(option, part), only(usual, part))).join(" · ") ||
                (part === "costs" && !same(option.costs, usual.costs)
                  ? t("whatif.notPack")
                  : term("whatifNone", part))}
            </small>
          ),
          children: <Body part={part} option={option} set={set} form={form} />,
        }))}
      />
    </section>
  );
}

function Name({ option, set }: Omit<Props, "form">) {
  const { t, term } = useI18n();
  const id = useId();
  const trouble = useTroubles()("name");
  return (
    <div className="z-whatif-field z-whatif-optionname" data-path="name">
      <label htmlFor={id}>{t("whatif.optionName")}</label>
      <Input
        id={id}
        maxLength={60}
        {...(trouble ? { status: "error" as const } : {})}
        value={option.name}
        onChange={(event) => set({ ...option, name: event.target.value })}
      />
      {trouble ? (
        <small role="alert" className="z-worse">
          {term("whatifTrouble", trouble.said)}
        </small>
      ) : null}
    </div>
  );
}

/** An option of which only one part is as it is. */
export function only(option: Option, part: PartKey): Option {
  if (part === "option")
    return { ...NOTHING, compliance: option.compliance, clear_d: option.clear_d };
  return { ...NOTHING, [part]: option[part] };
}

const touched = (option: Option, part: PartKey, usual: Option): boolean =>
  !same(only(option, part), only(usual, part));

const NEUTRAL = { areas: AREA, rounds: ROUND, closures: CLOSURE };

/** What a new row begins with: the figures a template has from the pack, else what changes nothing. */
function fresh(form: WhatIfForm, part: keyof typeof NEUTRAL): object {
  const known = form.templates.flatMap((one): object[] => complete(one as Loose, "")[part]);
  const first = known[0] ?? NEUTRAL[part];
  return "units" in first ? { ...first, units: [] } : first;
}

interface BodyProps extends Props {
  part: PartKey;
}

/** The controls of one part. */
function Body({ part, option, set, form }: BodyProps) {
  switch (part) {
    case "areas":
    case "rounds":
    case "closures":
      return (
        <PartList<object>
          part={part}
          rows={option[part]}
          set={(rows) => set({ ...option, [part]: rows })}
          fresh={fresh(form, part)}
          areas={form.areas}
        />
      );
    case "capacities":
      return <Means option={option} set={set} form={form} />;
    case "costs":
      return <Costs option={option} set={set} form={form} />;
    case "option":
      return <Part part="option" path="option" value={option} set={set} areas={form.areas} />;
    default:
      return (
        <Part<object>
          part={part}
          path={part}
          value={option[part]}
          set={(next) => set({ ...option, [part]: next })}
          areas={form.areas}
        />
      );
  }
}

/** What there is: rooms and beds by tier, laboratories, vehicles; or as the registers have it. */
function Means({ option, set, form }: Props) {
  const { t } = useI18n();
  const { capacities } = option;
  const registered = asRegistered(form).capacities;
  return (
    <>
      <p className="z-row z-whatif-registers">
        <span className="z-hint">
          {t(same(capacities, registered) ? "whatif.asRegistered" : "whatif.notRegistered")}
        </span>
        <Button
          size="small"
          disabled={same(capacities, registered)}
          onClick={() => set({ ...option, capacities: registered })}
        >
          {t("whatif.takeRegistered")}
        </Button>
      </p>
      <div className="z-whatif-fields">
        {(["rooms", "beds"] as const).map((kind) => (
          <Tiers
            key={kind}
            kind={kind}
            rows={capacities[kind]}
            registered={tiers(registered[kind])}
            set={(rows) => set({ ...option, capacities: { ...capacities, [kind]: rows } })}
          />
        ))}
      </div>
      <Part
        part="capacities"
        path="capacities"
        value={capacities}
        set={(next) => set({ ...option, capacities: next })}
        areas={form.areas}
      />
    </>
  );
}

interface TierProps {
  kind: "rooms" | "beds";
  rows: Tier[];
  registered: Tier[];
  set: (rows: Tier[]) => void;
}

/** How many of each tier; of a tier that is not named there are none, of no tier at all enough. */
function Tiers({ kind, rows, registered, set }: TierProps) {
  const { t, term } = useI18n();
  const names = [...new Set([...rows, ...registered].map(([name]) => name))];
  if (names.length === 0)
    return (
      <div className="z-whatif-field">
        <span>{term("whatifTiers", kind)}</span>
        <span className="z-hint">{t("whatif.enough")}</span>
      </div>
    );
  return names.map((name) => {
    const label = `${term("whatifTiers", kind)} · ${term("whatifTier", name)}`;
    return (
      <div className="z-whatif-field" key={name} data-path={`capacities.${kind}`}>
        <span>{label}</span>
        <InputNumber
          aria-label={label}
          min={0}
          precision={0}
          placeholder={rows.length ? "0" : t("whatif.enough")}
          suffix={term("whatifUnit", kind)}
          value={rows.find(([tier]) => tier === name)?.[1] ?? null}
          onChange={(n) => {
            const others = rows.filter(([tier]) => tier !== name);
            set(n === null ? others : names.flatMap((tier) => rowOf(tier, name, n, rows)));
          }}
        />
      </div>
    );
  });
}

function rowOf(tier: string, name: string, n: number, rows: Tier[]): Tier[] {
  if (tier === name) return [[tier, n]];
  const kept = rows.find(([one]) => one === tier);
  return kept ? [kept] : [];
}

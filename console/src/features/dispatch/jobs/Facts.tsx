import type { JobStep } from "@/api/types.ts";
import { groupOf } from "@/shared/format/codes.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** What whoever does the step has to know besides; empty facts are left out. */
export function Facts({ step }: { step: Pick<JobStep, "facts"> }) {
  const { term } = useI18n();
  const facts = Object.entries(step.facts).flatMap(([key, value]): [string, string][] => {
    const told = Array.isArray(value)
      ? value.map((one) => term("dispatchFlag", String(one))).join(", ")
      : value === null || value === undefined
        ? ""
        : key === "degree"
          ? term("degree", String(value))
          : typeof value === "string"
            ? term(groupOf(key) ?? "dispatchCode", value)
            : String(value);
    return told ? [[key, told]] : [];
  });
  if (facts.length === 0) return null;
  return (
    <dl className="z-facts">
      {facts.map(([key, told]) => (
        <Fact key={key} name={term("dispatchColumn", key)} told={told} />
      ))}
    </dl>
  );
}

function Fact({ name, told }: { name: string; told: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{told}</dd>
    </>
  );
}

import { Form, Input, Select } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";

/** What else may be told of a thing of each kind, as the service knows it. */
export const FACTS: Readonly<Record<string, readonly string[]>> = {
  hospital: ["type"],
  vehicle: ["type", "depot"],
  laboratory: ["batch", "opens_h", "closes_h"],
  delivery: ["type", "store"],
  store: ["level", "cold"],
  lot: ["goods", "measure", "expires_on"],
  enterprise: ["goods"],
  price_point: ["goods"],
  team: ["skill", "hospital"],
};
const GOODS = ["n95", "gown", "swab_kit", "pcr_reagent", "food_pack", "medicine"];
const TIERS = ["designated", "sub_designated", "fangcang", "fever_clinic", "yellow_code"];
const SKILLS = ["tracing", "grid", "volunteer", "expert", "doctor", "nurse", "icu_nurse"];
const TYPES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  hospital: ["tier", TIERS],
  vehicle: ["vehicleKind", ["ambulance", "van", "bus"]],
  delivery: ["deliveryType", ["van", "cold_van", "market", "drone", "foot"]],
};
const LEVELS = ["province", "city", "county", "township", "site"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** One fact: chosen where there is a list of what it may be, else written. */
export function FactField({ kind, name }: { kind: string; name: string }) {
  const { t, term } = useI18n();
  const label = term("thingFact", name);
  const [group, codes] = choices(kind, name);
  if (codes.length) {
    return (
      <Form.Item name={["facts", name]} label={label}>
        <Select allowClear options={codes.map((value) => ({ value, label: term(group, value) }))} />
      </Form.Item>
    );
  }
  return (
    <Form.Item
      name={["facts", name]}
      label={label}
      rules={name === "expires_on" ? [{ pattern: DAY, message: t("registry.expiresMissing") }] : []}
    >
      <Input maxLength={60} placeholder={name === "expires_on" ? "2022-12-31" : ""} />
    </Form.Item>
  );
}

function choices(kind: string, name: string): readonly [string, readonly string[]] {
  switch (name) {
    case "skill":
      return ["thingSkill", SKILLS];
    case "goods":
      return ["item", GOODS];
    case "level":
      return ["storeLevel", LEVELS];
    case "cold":
      return ["yesNo", ["yes", "no"]];
    case "type":
      return TYPES[kind] ?? ["", []];
    default:
      return ["", []];
  }
}

import { describe, expect, it } from "vitest";
import en from "@/shared/i18n/en.json";
import { SPECS } from "./specs.ts";

describe("the layers of the map", () => {
  it("are the twelve of the situation, each once", () => {
    expect(new Set(SPECS.map((spec) => spec.key)).size).toBe(12);
  });

  it("each have a name, and words for all they tell", () => {
    for (const spec of SPECS) {
      expect(en).toHaveProperty([`layer.${spec.key}`]);
      for (const line of spec.tells) expect(en).toHaveProperty([`property.${line.property}`]);
    }
  });

  it("double every colour of meaning by a letter", () => {
    for (const { colour, shape, key } of SPECS) {
      if (colour.kind === "grade") {
        for (const grade of colour.grades) expect(en).toHaveProperty([`gradeLetter.${grade}`]);
      } else if (shape.kind === "place") expect(en).toHaveProperty([`layerLetter.${key}`]);
    }
  });
});

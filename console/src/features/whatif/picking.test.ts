import { expect, test } from "vitest";
import { added, covered, spots, toggled } from "./form/picking.ts";

const area = (code: string, kind: string) => ({ code, name: code, kind, people: 10 });
const COUNTY = [
  area("140105000000", "county"),
  area("140105001000", "township"),
  area("140105001001", "village"),
  area("140105001002", "village"),
  area("140105002000", "township"),
  area("140105002001", "village"),
];
const [, TOWN, FIRST, SECOND, , OTHER] = COUNTY.map((one) => one.code) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

test("a county shows its villages, a province its counties", () => {
  expect(spots(COUNTY).map((one) => one.code)).toEqual([FIRST, SECOND, OTHER]);
  const counties = [area("140105000000", "county"), area("140106000000", "county")];
  expect(spots(counties)).toEqual(counties);
  expect(covered(counties, ["140106000000"])).toEqual(new Set(["140106000000"]));
});

test("a township or a county covers its villages", () => {
  expect(covered(COUNTY, [TOWN])).toEqual(new Set([FIRST, SECOND]));
  expect(covered(COUNTY, ["140105000000"]).size).toBe(3);
  expect(covered(COUNTY, [OTHER])).toEqual(new Set([OTHER]));
});

test("a village is chosen and dropped", () => {
  expect(toggled(COUNTY, [], FIRST)).toEqual([FIRST]);
  expect(toggled(COUNTY, [FIRST, OTHER], FIRST)).toEqual([OTHER]);
});

test("dropping a village of a chosen township leaves the others of it", () => {
  expect(toggled(COUNTY, [TOWN, OTHER], FIRST)).toEqual([OTHER, SECOND]);
  expect(toggled(COUNTY, ["140105000000"], OTHER)).toEqual([FIRST, SECOND]);
});

test("what is drawn around is added once", () => {
  expect(added(COUNTY, [TOWN], [FIRST, OTHER])).toEqual([TOWN, OTHER]);
});

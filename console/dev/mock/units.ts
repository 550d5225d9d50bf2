import { existsSync, readFileSync } from "node:fs";
import type { UnitDetail, UnitRef } from "../../src/api/types.ts";

interface BoundaryFile {
  type: string;
  features: {
    type: string;
    properties: { code: string; name: string; parent: string; lon: number; lat: number };
    geometry: unknown;
  }[];
}

const FOLDERS = [
  process.env.ZHONGSHU_BOUNDARIES ?? "",
  new URL("../../../src/zhongshu/reference/data/boundaries", import.meta.url).pathname,
];

export function boundary(layer: string): BoundaryFile {
  const file = FOLDERS.map((folder) => `${folder}/${layer}.geojson`).find((path) =>
    existsSync(path),
  );
  if (!file)
    throw new Error(`No boundary file for ${layer}; set ZHONGSHU_BOUNDARIES to its folder.`);
  return JSON.parse(readFileSync(file, "utf8"));
}

export const counties = boundary("shanxi_counties");
export const cities = boundary("shanxi_cities");
export const PROVINCE: UnitRef = {
  code: "140000000000",
  name: "山西省",
  level: "province",
  path: "140000000000/",
};

export const units = new Map<string, UnitRef>([[PROVINCE.code, PROVINCE]]);
export const point = new Map<string, { lon: number; lat: number }>();

function add(code: string, name: string, level: string, parent: string): UnitRef {
  const above = units.get(parent);
  const unit = { code, name, level, path: `${above?.path ?? ""}${code}/` };
  units.set(code, unit);
  return unit;
}

for (const { properties: p } of cities.features) {
  add(p.code, p.name, "city", p.parent);
  point.set(p.code, p);
}
for (const { properties: p } of counties.features) {
  add(p.code, p.name, "county", p.parent);
  point.set(p.code, p);
}

const TOWNSHIPS: Record<string, string[]> = {
  "140105": ["坞城街道", "营盘街道", "北营街道", "平阳路街道", "黄陵街道", "小店街道"],
  "140106": ["柳巷街道", "文庙街道", "庙前街道", "迎泽街道", "桥东街道", "老军营街道"],
  "140107": ["鼓楼街道", "三桥街道", "巨轮街道", "敦化坊街道"],
  "140109": ["千峰街道", "下元街道", "和平街道", "万柏林街道"],
};
const VILLAGES = ["第一社区", "第二社区", "南社区", "北社区"];

for (const [prefix, names] of Object.entries(TOWNSHIPS)) {
  names.forEach((name, i) => {
    const code = `${prefix}${String(i + 1).padStart(3, "0")}000`;
    const town = add(code, name, "township", `${prefix}000000`);
    const at = point.get(`${prefix}000000`);
    if (at)
      point.set(code, {
        lon: at.lon + Math.cos(i * 1.9) * 0.035,
        lat: at.lat + Math.sin(i * 1.9) * 0.03,
      });
    VILLAGES.forEach((village, k) => {
      const villageCode = `${code.slice(0, 9)}${String(k + 1).padStart(3, "0")}`;
      add(villageCode, `${name.replace("街道", "")}${village}`, "village", town.code);
      const centre = point.get(code);
      if (centre)
        point.set(villageCode, {
          lon: centre.lon + (k - 1.5) * 0.006,
          lat: centre.lat + ((k * 7) % 4) * 0.004,
        });
    });
  });
}

export const townships = [...units.values()].filter((u) => u.level === "township");
export const villages = [...units.values()].filter((u) => u.level === "village");
export const countyUnits = [...units.values()].filter((u) => u.level === "county");

export function unit(code: string): UnitRef {
  const found = units.get(code);
  if (!found) throw new Error(`unknown unit ${code}`);
  return found;
}

export function ancestors(of: UnitRef): UnitRef[] {
  return of.path
    .split("/")
    .filter((code) => code && code !== of.code)
    .map(unit);
}

export function children(of: UnitRef): UnitRef[] {
  return [...units.values()].filter(
    (u) => u.path.startsWith(of.path) && u.path.split("/").length === of.path.split("/").length + 1,
  );
}

export function countyOf(of: UnitRef): UnitRef {
  return [...ancestors(of), of].find((u) => u.level === "county") ?? of;
}

export function detail(of: UnitRef): UnitDetail {
  const above = ancestors(of);
  return {
    ...of,
    parent: above.at(-1)?.code ?? null,
    zone: false,
    host: null,
    host_rule: "",
    population: of.level === "province" ? 34_915_616 : null,
    population_source: "第七次全国人口普查",
    identifiers: [{ authority: "nbs", value: of.code, valid_from: "2022-10-31", valid_to: null }],
    ancestors: above,
  };
}

"""A synthetic pack whose clocks are easy to count with, for the tests of the clocks."""

from __future__ import annotations

from pathlib import Path

from zhongshu.rules import reader
from zhongshu.rules.model import Pack

PACK = """
id: clock-lab
disease: covid-19
edition: {zh: 合成时钟, en: Synthetic clocks}
effective_from: 2022-01-01
effective_to: null
jurisdiction: country
sources: []
rules:
  L-1: {mark: D, zh: 合成规则, en: A synthetic rule}
  L-2: {mark: D, zh: 合成规则二, en: Another synthetic rule, legal_basis: {zh: 依据, en: Basis}}
figures:
  lab.report_h: {value: 10, unit: h, rule: L-1, mark: D, zh: 时限, en: Time}
  lab.days: {value: 3, unit: d, rule: L-1, mark: D, zh: 天数, en: Days}
  lab.remind: {value: 50, unit: "%", rule: L-1, mark: D, zh: 提醒, en: Remind}
  lab.warn: {value: 80, unit: "%", rule: L-1, mark: D, zh: 预警, en: Warn}
  lab.escalate: {value: 100, unit: "%", rule: L-1, mark: D, zh: 上报, en: Escalate}
  lab.escalate_two: {value: 150, unit: "%", rule: L-1, mark: D, zh: 上报两级, en: Escalate two}
clocks:
  report: {zh: 报告, en: Report, rule: L-2, of: case, anchor: confirmed_at, stop: reported_at,
           length: lab.report_h, unit: hour, owner: county, escalate: standard}
  mild-only: {zh: 轻型, en: Mild, rule: L-1, of: case, when: {"===": [{var: severity}, mild]},
              anchor: onset_date, stop: isolated_at, length: lab.days, unit: calendar_day,
              owner: unit}
  unstoppable: {zh: 无人登记, en: Nobody records it, rule: L-1, of: case, anchor: confirmed_at,
                stop: investigated_at, length: lab.report_h, unit: hour, owner: county}
  stay: {zh: 隔离, en: Stay, rule: L-1, of: contact, anchor: last_exposure, length: lab.days,
         unit: day_number, first_day: 0, top_up: true, owner: township}
  sign: {zh: 签收, en: Sign, rule: L-1, of: directive, anchor: issued_at, stop: signed_at,
         due: sign_due_at, owner: unit, escalate: standard}
escalations:
  standard:
    zh: 逐级
    en: Step by step
    rule: L-1
    steps:
      - {step: remind, at_pct: lab.remind, levels_up: 0}
      - {step: warn, at_pct: lab.warn, levels_up: 0}
      - {step: escalate, at_pct: lab.escalate, levels_up: 1}
      - {step: escalate_two, at_pct: lab.escalate_two, levels_up: 2}
"""


def lab(folder: Path, *, change: tuple[str, str] = ("", "")) -> Pack:
    """The pack, written into `folder`, with one piece of text put for another."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clock-lab.yaml").write_text(PACK.replace(*change), encoding="utf-8")
    (folder / "sources.yaml").write_text("sources: {}\n", encoding="utf-8")
    return reader.load("clock-lab", folder=folder)

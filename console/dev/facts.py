"""Writes the words of the facts that rules may ask for, from the rules' own list.

Run by `npm run facts`; `--check` fails when the file is not what the list says.
"""

import json
import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).parent
RULES = HERE.parent.parent / "src" / "zhongshu" / "rules"
SOURCE = RULES / "facts.yaml"
BESIDE = RULES / "expression" / "words.yaml"
TARGET = HERE.parent / "src" / "shared" / "rules" / "facts.gen.json"


def fact(said: dict) -> dict:
    kept = {name: said[name] for name in ("type", "zh", "en", "of") if name in said}
    items = {name: fact(one) for name, one in said.get("items", {}).items()}
    return kept | ({"items": items} if items else {})


def subject(said: dict) -> dict:
    facts = {name: fact(one) for name, one in said["facts"].items()}
    return {"zh": said["zh"], "en": said["en"], "facts": facts}


def beside() -> dict:
    """Facts that are of no subject: those the engines add, and the moment of judging."""
    read = yaml.safe_load(BESIDE.read_text("utf-8"))["beside"]
    found = {name: {"type": "text", **one} for name, one in read.items() if name != "different"}
    return found | {"now": {"type": "moment", "zh": "判定时刻", "en": "Moment of judging"}}


def main() -> int:
    read = yaml.safe_load(SOURCE.read_text("utf-8"))
    told = {name: subject(one) for name, one in read.items()}
    told["any"] = {"zh": "通用", "en": "Any", "facts": beside()}
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if "--check" in sys.argv:
        return 0 if TARGET.read_text("utf-8") == text else 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

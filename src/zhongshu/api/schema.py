"""`python -m zhongshu.api.schema --write|--check`: keep schemas/openapi.json as the code is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[3] / "schemas" / "openapi.json"


def text() -> str:
    """The API's OpenAPI document; the same code gives the same bytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshu.config.settings")
    import django  # noqa: PLC0415 - the settings have to be named first

    django.setup()
    from zhongshu.api.assembly import api  # noqa: PLC0415

    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    document["components"]["schemas"]["Error"] = _error_schema()
    refused = {"$ref": "#/components/schemas/Error"}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = {
                "description": "Refused, or a fault of ours",
                "content": {"application/json": {"schema": refused}},
            }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _error_schema() -> dict[str, Any]:
    from zhongshu.api.shapes import Error  # noqa: PLC0415

    schema = Error.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return schema


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        FILE.write_text(text(), encoding="utf-8")
        return 0
    if arguments == ["--check"]:
        if FILE.exists() and FILE.read_text(encoding="utf-8") == text():
            return 0
        sys.stderr.write("schemas/openapi.json is not what the code says; run with --write\n")
        return 1
    sys.stderr.write("usage: python -m zhongshu.api.schema --write|--check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

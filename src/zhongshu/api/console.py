"""The built console: files with a hash in their name for ever, the page itself never kept."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from zhongshu.api import messages

FOREVER = "public, max-age=31536000, immutable"
ASSETS = "assets/"


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the console; any other path is a place inside it and gets its page."""
    root = Path(settings.ZHONGSHU_CONSOLE).resolve()
    path = (root / name).resolve()
    if name and path.is_relative_to(root) and path.is_file():
        return _file(request, path, FOREVER if name.startswith(ASSETS) else "no-cache")
    if name.startswith(("api/", ASSETS)) or Path(name).suffix:
        return HttpResponseNotFound()
    page = root / "index.html"
    if not page.is_file():
        words = messages.label("console.not_built")
        text = f"{words['zh']}\n{words['en']}\n"
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    get_token(request)  # sets the CSRF cookie that the console sends back
    return _file(request, page, "no-cache")


def _file(request: HttpRequest, path: Path, keep: str) -> HttpResponseBase:
    stat = path.stat()
    mark = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponseNotModified()
    else:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        response = HttpResponse(path.read_bytes(), content_type=kind)
    response["ETag"] = mark
    response["Cache-Control"] = keep
    return response

"""Where requests go: the API, and the console for everything else."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from zhongshu.api import console
from zhongshu.api.assembly import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    re_path(r"^(?P<name>.*)$", console.serve),
]

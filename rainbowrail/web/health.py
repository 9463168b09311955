"""Two answers for machines: `healthz` says that the process runs, `readyz` that it can also reach its database."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from rainbowrail.web.doors import public_page


@public_page
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"process": "ok"})


@public_page
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when requests can be served; 503 while the database is away or older than this code. Redis is not asked."""
    try:
        applied = MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return JsonResponse({"database": "unreachable"}, status=503)
    if not known_migrations() <= applied:
        return JsonResponse({"database": "older than this code"}, status=503)
    return JsonResponse({"database": "ok"})


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this process's apps, by app and name; read once from the files."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)

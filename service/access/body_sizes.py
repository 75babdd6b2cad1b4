"""Where a request's body may be larger than elsewhere."""

from service.settings import Settings


def larger_bodies(settings: Settings) -> dict[str, int]:
    return {"/v1/imports": max(settings.max_import_bytes, settings.max_body_bytes)}

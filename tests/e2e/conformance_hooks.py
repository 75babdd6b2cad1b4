"""What no schema can say: that a file is a picture or a catalogue, and which pictures there are.

Loaded by Schemathesis in its own process.
"""

import os
import zipfile
from io import BytesIO
from typing import Any

import schemathesis
from hypothesis import strategies as st

from tests.pictures import picture

_NEVER_BLANK = ("diversity", "limit", "min_score", "offset", "replace", "rerank")
_PICTURE = picture("blue", "dots", side=64)


def _catalogue() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("Apparel/Dresses/dotted.jpg", _PICTURE)
    return file.getvalue()


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """A blank in a form is a field not given, whatever the field is: so forms are sent, and Swagger UI sends them."""
    if context.operation is None or not isinstance(body, dict):
        return True
    is_form = any(told.media_type == "multipart/form-data" for told in context.operation.body)
    return not is_form or all(body.get(name) != "" for name in _NEVER_BLANK)


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: "schemathesis.Case[Any]", **__: Any) -> None:
    if case.meta is not None and case.meta.generation.mode.is_positive and "image" in case.path_parameters:
        case.path_parameters["image"] = os.environ["VIZINHO_TEST_PICTURE"]


schemathesis.openapi.media_type("image/jpeg", st.sampled_from([_PICTURE, _PICTURE[:500]]))
schemathesis.openapi.media_type("application/zip", st.just(_catalogue()))

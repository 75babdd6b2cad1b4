"""What the API's document says of the service as a whole."""

from typing import Any

from service import __version__
from service.documentation.codes import codes_table

_DESCRIPTION = f"""
What looks like this, inside this category? Send a picture to `POST /v1/search/upload`, and get the products that look
like it.

**Keys.** A service that was given keys wants one with every request to `/v1`, `/fashion` and `/metrics`:
`Authorization: Bearer vz_...`. One that was given none asks for none.

**Waiting.** A 429 or 503 says in `Retry-After` how many seconds to wait. Every write may be sent again: the second time
changes nothing.

**Refusals** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem documents. `detail` is a sentence for
people; `code` is for programs, and never changes its spelling. `X-Request-ID`, which every
answer carries, finds the log's lines about it.

<details><summary>All codes</summary>

{codes_table()}

</details>
"""

_TAGS = {
    "search": "What looks like this picture, or like this product?",
    "catalogue": "The products, one by one or page by page; their categories, and how they are spread.",
    "imports": "Many products at once, in the background.",
    "explain": "Why two pictures count as alike: which regions of theirs agree.",
    "compatibility": "For the clients of older services.",
    "media": "The pictures themselves.",
    "health": "For whatever keeps the service running.",
}

ABOUT: dict[str, Any] = {
    "title": "Vizinho",
    "version": __version__,
    "summary": "A self-hosted visual recommender",
    "description": _DESCRIPTION.strip(),
    "contact": {"name": "Whoever runs this service"},
    "license_info": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    "servers": [{"url": "/", "description": "This service"}],
    "openapi_tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
    "docs_url": None,
    "redoc_url": None,
}

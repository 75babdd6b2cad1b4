"""A finding in words: whose it is, and why it is told."""

from dataclasses import dataclass

from service.catalog.auditing import Finding, Kind
from service.catalog.duplicates import Group
from service.catalog.flaw import Flaw, Reason
from service.catalog.misfits import Misfit
from service.catalog.products import Product
from service.catalog.unlike import Loner

HEADINGS: dict[Kind, str] = {
    "duplicates": "Nearly the same picture in several products",
    "misfits": "Among the products of another category",
    "unlike": "Unlike any other picture",
    "blank": "Blank pictures",
    "broken": "Broken pictures",
}
MENDS: dict[Kind, str] = {
    "duplicates": "Delete what is there twice, or give each product a picture of its own.",
    "misfits": 'Where it is right: PATCH /v1/products/{id} {"category": "..."}, or Insights, Out of place.',
    "unlike": "Look at them: a wrong picture is replaced with PUT /v1/products/{id}; one of a kind may stay.",
    "blank": "Send a picture that shows the product: PUT /v1/products/{id}, or ingest it anew.",
    "broken": "Put their files back: vizinho ingest SOURCE --replace, or POST /v1/imports with replace=true.",
}
_REASONS: dict[Reason, str] = {
    "original_missing": "the original is missing",
    "original_damaged": "the original is damaged",
    "thumbnail_missing": "the thumbnail is missing",
    "thumbnail_damaged": "the thumbnail is damaged",
    "tiny": "hardly any pixels",
    "no_detail": "nothing to see in it",
}


@dataclass(frozen=True, slots=True)
class Row:
    product: Product
    image: str
    why: str


def rows_of(finding: Finding) -> list[Row]:
    match finding:
        case Group():
            return _of_group(finding)
        case Misfit():
            verdict = finding.verdict
            why = f"{verdict.share:.0%} of its neighbours are in {verdict.elsewhere}; perhaps {verdict.suggested}"
        case Loner():
            why = (
                f"{finding.distance / finding.usual:.1f} times as far from others as is usual; "
                f"the nearest is {finding.nearest.product.id}"
            )
        case Flaw():
            why = _REASONS[finding.reason]
    return [Row(finding.product, finding.image, why)]


def _of_group(group: Group) -> list[Row]:
    return [
        Row(one.product, like.image, "the same picture" if like.score >= 1 else f"score {like.score:.4f}")
        for one in group.duplicates
        for like in one.images
    ]

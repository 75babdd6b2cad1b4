from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.imports.job import Job, State
from service.catalog.sources.base import Reject

FIRST_REJECTS = 20

Layout = Literal["auto", "folder", "styles", "fashion", "names", "table"]

_EXAMPLE: dict[str, Any] = {
    "id": "0b9ba4f6-3a9b-4d07-8d5e-5d6c4b0e9a51",
    "state": "running",
    "doing": "Taking in.",
    "file": "autumn.csv",
    "read_as": "autumn.csv",
    "created": "2026-11-21T09:30:00Z",
    "started": "2026-11-21T09:30:01Z",
    "finished": None,
    "expected": 12000,
    "read": 3200,
    "added": 3000,
    "replaced": 12,
    "unchanged": 180,
    "rejected": 8,
    "embedded": 3410,
    "failure": None,
}


class FailureOut(BaseModel):
    code: str = Field(description="For programs: as in a problem document.")
    detail: str


class ImportOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    state: State
    doing: str = Field(description="In words, what it does or waits for; empty once it has ended.")
    file: str
    read_as: str = Field(description="What the file was recognised as; empty until it is.")
    created: datetime
    started: datetime | None
    finished: datetime | None
    expected: int | None = Field(description="How many entries the source has: about, and null until known.")
    read: int = Field(description="How many of them are done: the four below.")
    added: int
    replaced: int
    unchanged: int
    rejected: int
    embedded: int = Field(description="How many images.")
    failure: FailureOut | None = Field(description="Why it failed.")

    @classmethod
    def of(cls, job: Job) -> Self:
        return cls(**_said(job))


class RejectOut(BaseModel):
    where: str = Field(description="Where in the file it stands.")
    product_id: str = Field(description="Empty where it could not be read.")
    reason: str

    @classmethod
    def of(cls, reject: Reject) -> Self:
        return cls(where=reject.where, product_id=reject.product_id, reason=reject.reason)


class ImportDetailOut(ImportOut):
    model_config = ConfigDict(
        json_schema_extra={
            "example": _EXAMPLE
            | {
                "rejects": [
                    {"where": "autumn.csv line 7", "product_id": "10029", "reason": "The row names no image."}
                ]
            }
        }
    )

    rejects: list[RejectOut] = Field(
        description=f"The first {FIRST_REJECTS}. `/v1/imports/{{id}}/rejects` has all of them."
    )

    @classmethod
    def with_rejects(cls, job: Job, rejects: Sequence[Reject]) -> Self:
        return cls(**_said(job), rejects=[RejectOut.of(reject) for reject in rejects])


class ImportsOut(BaseModel):
    imports: list[ImportOut]


def _said(job: Job) -> dict[str, Any]:
    failure = job.failure and FailureOut(code=job.failure.code, detail=job.failure.sentence)
    counts = {name: getattr(job.tally, name) for name in _COUNTS}
    said = {name: getattr(job, name) for name in _AS_THEY_ARE}
    return said | counts | {"file": job.order.file, "failure": failure}


_COUNTS = ("read", "added", "replaced", "unchanged", "rejected", "embedded")
_AS_THEY_ARE = ("id", "state", "doing", "read_as", "created", "started", "finished", "expected")

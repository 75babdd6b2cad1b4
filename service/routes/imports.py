from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Path, Response, UploadFile, status
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from service.catalog.imports.imports import Imports
from service.catalog.imports.job import Job, Order
from service.catalog.imports.telling import first_rejects, rejects_csv
from service.catalog.imports.uploads import safe_name
from service.catalog.names import names_in
from service.catalog.sources.options import column_map
from service.dependencies import ImportsDep
from service.routes.problems import problems
from service.routes.uploading import UploadRoute
from service.schemas.imports import FIRST_REJECTS, ImportDetailOut, ImportOut, ImportsOut, Layout
from service.security import ReadRoute, WriteRoute


class _Uploading(WriteRoute, UploadRoute):
    """The key is asked for first."""


_AT: dict[str, Any] = {"prefix": "/v1/imports", "tags": ["imports"]}
reading = APIRouter(**_AT, route_class=ReadRoute)
writing = APIRouter(**_AT, route_class=WriteRoute)
uploading = APIRouter(**_AT, route_class=_Uploading)

_LOCATION = {
    "Location": {"description": "Where the import is.", "required": True, "schema": {"type": "string"}}
}
_EVENTS = {
    "text/event-stream": {  # before OpenAPI 3.2, what describes a stream describes one event of it
        "schema": {
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "event": {"type": "string", "enum": ["progress", "end"]},
                "data": {"type": "string", "contentMediaType": "application/json"},
            },
        },
        "example": {"event": "end", "data": '{"state": "done"}'},
    }
}
_CSV = {"text/csv": {"schema": {"type": "string"}, "example": "where,product_id,reason\r\n"}}


async def _job(
    imports: ImportsDep,
    import_id: Annotated[str, Path(max_length=100, description="As `POST /v1/imports` gave it.")],
) -> Job:
    return imports.get(import_id)


JobDep = Annotated[Job, Depends(_job)]


@uploading.post(
    "",
    operation_id="create_import",
    summary="Take in a catalogue, in the background",
    description="""
A table of products (CSV, JSON lines, or Parquet where that is installed) whose images lie at addresses, or a zip of
pictures: a folder for each category, `styles.csv` with `images/`, `fashion.csv`, a table with its images; the same that
`vizinho ingest` reads. What cannot be read at all is refused at once. Otherwise the answer comes as soon as the file is
kept, and says where to ask how it goes.

Imports are taken in one after another, beside whatever is asked of the service meanwhile. They outlive a restart: what
was not through goes on behind the last products that it wrote. Each service has its own, also where several share a
catalogue: ask the one that you sent it to. Sending the same file again takes in what has changed and nothing else.
""",
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        202: {"description": "Kept, and in the queue.", "headers": _LOCATION},
        **problems(422, 503, 507),
    },
)
async def create_import(
    response: Response,
    imports: ImportsDep,
    file: Annotated[
        UploadFile, File(description="Its name says what it is: `.csv`, `.jsonl`, `.parquet` or `.zip`.")
    ],
    layout: Annotated[
        Layout, Form(description="Where what the file holds would be taken for something else.")
    ] = "auto",
    columns: Annotated[
        str,
        Form(
            alias="map",
            max_length=10_000,
            description="For tables: a line `FIELD=COLUMN` for each of `id`, `title`, `category`, `image` or an "
            "attribute, `price:number=Price`. Empty: by the columns' names.",
        ),
    ] = "",
    category_from: Annotated[
        str,
        Form(
            max_length=1_000,
            description="For tables: the columns that make a category path, with commas between.",
        ),
    ] = "",
    separator: Annotated[
        str, Form(min_length=1, max_length=10, description="Between several values in one cell.")
    ] = "|",
    folder: Annotated[
        str,
        Form(
            max_length=1_000,
            description="For a zip: the folder in it that is the catalogue, `.` for the zip itself. Empty: the zip "
            "itself, or its only folder where that holds folders or tables.",
        ),
    ] = "",
    limit: Annotated[int, Form(ge=0, le=1_000_000_000, description="Read so many entries; 0: all.")] = 0,
    replace: Annotated[bool, Form(description="Embed and write everything anew, changed or not.")] = False,
) -> ImportOut:
    order = Order(
        safe_name(file.filename or ""),
        None if layout == "auto" else layout,
        column_map(line for line in columns.splitlines() if line.strip()),
        tuple(names_in(category_from)),
        separator,
        folder,
        limit or None,
        replace,
    )
    job = await imports.submit(file.file, order)
    response.headers["Location"] = f"/v1/imports/{job.id}"
    return ImportOut.of(job)


@reading.get("", operation_id="list_imports", summary="The imports, the newest first")
async def list_imports(imports: ImportsDep) -> ImportsOut:
    """Those that wait, the one that is under way, and the last hundred that have ended."""
    return ImportsOut(imports=[ImportOut.of(job) for job in imports.newest_first()])


@reading.get(
    "/{import_id}",
    operation_id="get_import",
    summary="How far an import has come",
    description="Its state, how many entries it has read so far and what became of them, and the first that were "
    "rejected.",
    responses=problems(404, 422),
)
async def get_import(imports: ImportsDep, job: JobDep) -> ImportDetailOut:
    rejects = await first_rejects(imports.folder_of(job).rejects, job.rejects_bytes, FIRST_REJECTS)
    return ImportDetailOut.with_rejects(job, rejects)


@reading.get(
    "/{import_id}/rejects",
    operation_id="get_import_rejects",
    summary="What could not be taken in, and why, as CSV",
    description="A line for each rejected entry: where in the file it stands, its product and the reason.",
    response_class=StreamingResponse,
    responses={200: {"description": "So far.", "content": _CSV}, **problems(404, 422)},
)
async def get_import_rejects(imports: ImportsDep, job: JobDep) -> StreamingResponse:
    return StreamingResponse(
        rejects_csv(imports.folder_of(job).rejects, job.rejects_bytes),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="rejects.csv"'},
    )


@reading.get(
    "/{import_id}/events",
    operation_id="watch_import",
    summary="How an import goes on, as it does",
    description="Server-sent events: `progress` whenever something has changed, four times a second at most, and one "
    "`end` when the import has ended. The data of both is what `GET /v1/imports/{import_id}` says, without the "
    "rejects. A stream that ends without an `end` is a service that stops: ask again.",
    response_class=StreamingResponse,
    responses={200: {"description": "As it comes.", "content": _EVENTS}, **problems(404, 422)},
)
async def watch_import(imports: ImportsDep, job: JobDep) -> StreamingResponse:
    # Proxies are asked to pass on what they get as they get it.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-cache"}
    return StreamingResponse(_events(imports, job), media_type="text/event-stream", headers=headers)


async def _events(imports: Imports, job: Job) -> AsyncIterator[bytes]:
    async for changed in imports.watch(job):
        yield _event("progress", job) if changed else KEEPALIVE_COMMENT
    if job.ended:
        yield _event("end", job)


def _event(kind: str, job: Job) -> bytes:
    return format_sse_event(event=kind, data_str=ImportOut.of(job).model_dump_json())


@writing.delete(
    "/{import_id}",
    operation_id="delete_import",
    summary="Cancel an import, or forget one that has ended",
    description="What it has written stays in the catalogue. One that waits or is under way is cancelled, and can "
    "still be read; of one that has ended the record is removed.",
    responses={
        200: {"model": ImportOut, "description": "Cancelled."},
        204: {"description": "Forgotten."},
        **problems(404, 422),
    },
)
async def delete_import(imports: ImportsDep, job: JobDep) -> Any:
    if job.ended:
        await imports.remove(job)
        return Response(status_code=status.HTTP_204_NO_CONTENT)
    await imports.cancel(job)
    return ImportOut.of(job)

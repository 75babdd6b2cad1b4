"""Qdrant's gRPC, spoken for real, in front of the in-memory client.

It is no Qdrant: it has one thread, no disk, no indexes, and the faults that a test gives it. What it proves is that
our requests survive gRPC's own messages and come back as they went, that its refusals become our errors, and that a
connection that was lost is found again.
"""

import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from qdrant_client import AsyncQdrantClient, models
from qdrant_client import grpc as messages
from qdrant_client.conversions.conversion import GrpcToRest, RestToGrpc

Call = Callable[[AsyncQdrantClient, Any], Awaitable[Any]]


@dataclass
class Refusal:
    """What the next calls are answered with, until `times` is used up."""

    status: grpc.StatusCode
    details: str = ""
    times: int = 1_000_000
    trailers: tuple[tuple[str, str], ...] = ()


@dataclass
class Qdrant:
    port: int
    client: AsyncQdrantClient
    calls: list[str] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    """By the name of the call, such as Points.Upsert; an empty name stands for every call."""


@asynccontextmanager
async def qdrant_over_grpc(tls: grpc.ServerCredentials | None = None) -> AsyncIterator[Qdrant]:
    server = grpc.aio.server()
    address = "127.0.0.1:0"
    port = server.add_insecure_port(address) if tls is None else server.add_secure_port(address, tls)
    qdrant = Qdrant(port, AsyncQdrantClient(":memory:"))
    for service, calls in (("Points", _POINTS), ("Collections", _COLLECTIONS)):
        stub = getattr(messages, f"{service}Servicer")
        assert all(hasattr(stub, name) for name in calls)
        servicer = type(service, (stub,), _methods(qdrant, service, calls))
        getattr(messages, f"add_{service}Servicer_to_server")(servicer(), server)
    await server.start()
    try:
        yield qdrant
    finally:
        await server.stop(None)


def _methods(qdrant: Qdrant, service: str, calls: dict[str, Call]) -> dict[str, Any]:
    return {name: _method(qdrant, f"{service}.{name}", call) for name, call in calls.items()}


def _method(qdrant: Qdrant, name: str, call: Call) -> Callable[..., Awaitable[Any]]:
    async def method(_: object, request: Any, context: grpc.aio.ServicerContext) -> Any:
        qdrant.calls.append(name)
        refusal = qdrant.refusals.get(name) or qdrant.refusals.get("")
        if refusal is not None and refusal.times > 0:
            refusal.times -= 1
            await context.abort(refusal.status, refusal.details, refusal.trailers)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it says that it has no indexes
                return await call(qdrant.client, request)
        except ValueError as error:
            missing = "not found" in str(error)
            status = grpc.StatusCode.NOT_FOUND if missing else grpc.StatusCode.INVALID_ARGUMENT
            await context.abort(status, str(error))

    return method


def _filter(request: Any) -> models.Filter | None:
    return GrpcToRest.convert_filter(request.filter) if request.HasField("filter") else None


def _done(_: object = None) -> messages.PointsOperationResponse:
    result = messages.UpdateResult(operation_id=1, status=messages.UpdateStatus.Completed)
    return messages.PointsOperationResponse(result=result)


async def _upsert(client: AsyncQdrantClient, request: Any) -> Any:
    points = [GrpcToRest.convert_point_struct(point) for point in request.points]
    return _done(await client.upsert(request.collection_name, points))


async def _delete(client: AsyncQdrantClient, request: Any) -> Any:
    return _done(
        await client.delete(request.collection_name, GrpcToRest.convert_points_selector(request.points))
    )


async def _set_payload(client: AsyncQdrantClient, request: Any) -> Any:
    points = GrpcToRest.convert_points_selector(request.points_selector)
    payload = GrpcToRest.convert_payload(request.payload)
    return _done(await client.set_payload(request.collection_name, payload, points))


async def _overwrite_payload(client: AsyncQdrantClient, request: Any) -> Any:
    points = GrpcToRest.convert_points_selector(request.points_selector)
    payload = GrpcToRest.convert_payload(request.payload)
    return _done(await client.overwrite_payload(request.collection_name, payload, points))


async def _get(client: AsyncQdrantClient, request: Any) -> Any:
    ids = [GrpcToRest.convert_point_id(id_) for id_ in request.ids]
    with_vectors = GrpcToRest.convert_with_vectors_selector(request.with_vectors)
    records = await client.retrieve(request.collection_name, ids, with_vectors=with_vectors)
    return messages.GetResponse(result=[RestToGrpc.convert_record(record) for record in records])


async def _count(client: AsyncQdrantClient, request: Any) -> Any:
    answer = await client.count(request.collection_name, _filter(request), exact=True)
    return messages.CountResponse(result=messages.CountResult(count=answer.count))


async def _scroll(client: AsyncQdrantClient, request: Any) -> Any:
    offset = GrpcToRest.convert_point_id(request.offset) if request.HasField("offset") else None
    with_vectors = GrpcToRest.convert_with_vectors_selector(request.with_vectors)
    records, following = await client.scroll(
        request.collection_name, _filter(request), request.limit, offset=offset, with_vectors=with_vectors
    )
    return messages.ScrollResponse(
        result=[RestToGrpc.convert_record(record) for record in records],
        next_page_offset=None if following is None else RestToGrpc.convert_extended_point_id(following),
    )


async def _query(client: AsyncQdrantClient, request: Any) -> Any:
    asked = GrpcToRest.convert_query_points(request).model_copy(update={"params": None})
    (answer,) = await client.query_batch_points(request.collection_name, [asked])
    return messages.QueryResponse(result=[RestToGrpc.convert_scored_point(hit) for hit in answer.points])


async def _query_batch(client: AsyncQdrantClient, request: Any) -> Any:
    answers = [await _query(client, asked) for asked in request.query_points]
    return messages.QueryBatchResponse(result=[messages.BatchResult(result=a.result) for a in answers])


async def _facet(client: AsyncQdrantClient, request: Any) -> Any:
    answer = await client.facet(request.collection_name, request.key, _filter(request), request.limit)
    return messages.FacetResponse(hits=[RestToGrpc.convert_facet_value_hit(hit) for hit in answer.hits])


async def _create_field_index(_: AsyncQdrantClient, __: Any) -> Any:
    return _done()


async def _get_collection(client: AsyncQdrantClient, request: Any) -> Any:
    info = await client.get_collection(request.collection_name)
    return messages.GetCollectionInfoResponse(result=RestToGrpc.convert_collection_info(info))


async def _list(client: AsyncQdrantClient, _: Any) -> Any:
    names = [collection.name for collection in (await client.get_collections()).collections]
    return messages.ListCollectionsResponse(
        collections=[messages.CollectionDescription(name=name) for name in names]
    )


async def _exists(client: AsyncQdrantClient, request: Any) -> Any:
    exists = await client.collection_exists(request.collection_name)
    return messages.CollectionExistsResponse(result=messages.CollectionExists(exists=exists))


async def _create(client: AsyncQdrantClient, request: Any) -> Any:
    vectors = GrpcToRest.convert_vectors_config(request.vectors_config)
    metadata = GrpcToRest.convert_payload(request.metadata)
    await client.create_collection(request.collection_name, vectors, metadata=metadata)
    return messages.CollectionOperationResponse(result=True)


async def _update(client: AsyncQdrantClient, request: Any) -> Any:
    metadata = GrpcToRest.convert_payload(request.metadata)
    await client.update_collection(request.collection_name, metadata=metadata)
    return messages.CollectionOperationResponse(result=True)


async def _drop(client: AsyncQdrantClient, request: Any) -> Any:
    return messages.CollectionOperationResponse(
        result=await client.delete_collection(request.collection_name)
    )


async def _aliases(client: AsyncQdrantClient, _: Any) -> Any:
    aliases = (await client.get_aliases()).aliases
    return messages.ListAliasesResponse(aliases=[RestToGrpc.convert_alias_description(a) for a in aliases])


async def _update_aliases(client: AsyncQdrantClient, request: Any) -> Any:
    await client.update_collection_aliases(
        [GrpcToRest.convert_alias_operations(step) for step in request.actions]
    )
    return messages.CollectionOperationResponse(result=True)


_POINTS: dict[str, Call] = {
    "Upsert": _upsert,
    "Delete": _delete,
    "SetPayload": _set_payload,
    "OverwritePayload": _overwrite_payload,
    "Get": _get,
    "Count": _count,
    "Scroll": _scroll,
    "Query": _query,
    "QueryBatch": _query_batch,
    "Facet": _facet,
    "CreateFieldIndex": _create_field_index,
}
_COLLECTIONS: dict[str, Call] = {
    "Get": _get_collection,
    "List": _list,
    "CollectionExists": _exists,
    "Create": _create,
    "Update": _update,
    "Delete": _drop,
    "ListAliases": _aliases,
    "UpdateAliases": _update_aliases,
}

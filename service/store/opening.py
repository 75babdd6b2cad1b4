"""Which store the settings ask for."""

from pathlib import Path

from qdrant_client import AsyncQdrantClient

from service.store.base import Generations
from service.store.edge_generations import EdgeGenerations
from service.store.server_generations import ServerGenerations

# By itself gRPC waits up to two minutes before it tries a server again, and never notices one that vanished.
_GRPC = {
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
}


def open_embedded(data_dir: Path, timeout_s: float) -> Generations:
    return EdgeGenerations(data_dir / "store", timeout_s)


def open_server(
    url: str, *, grpc_port: int, api_key: str | None, collection: str, timeout_s: float
) -> Generations:
    client = AsyncQdrantClient(
        url=url,
        grpc_port=grpc_port,
        prefer_grpc=True,
        api_key=api_key,
        timeout=max(1, round(timeout_s)),
        grpc_options=dict(_GRPC),  # the client writes into it
        check_compatibility=False,  # it asks over HTTP in the constructor, and blocks
    )
    return ServerGenerations(client, collection, timeout_s)

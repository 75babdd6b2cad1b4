"""Which store the settings ask for."""

from pathlib import Path

from qdrant_client import AsyncQdrantClient

from service.store.base import Generations
from service.store.edge_generations import EdgeGenerations
from service.store.server_generations import ServerGenerations


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
        check_compatibility=False,  # it asks over HTTP in the constructor, and blocks
    )
    return ServerGenerations(client, collection, timeout_s)

"""Which store the settings ask for."""

import ssl
from pathlib import Path

from qdrant_client import AsyncQdrantClient

from service.store.base import Generations
from service.store.server_generations import ServerGenerations
from service.store.server_options import ServerOptions
from service.store.server_snapshots import Snapshots

# By itself gRPC waits up to two minutes before it tries a server again, and never notices one that vanished.
_GRPC = {
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
}


def open_server(
    url: str,
    *,
    grpc_port: int,
    api_key: str | None,
    collection: str,
    timeout_s: float,
    ca: Path | None = None,
    options: ServerOptions | None = None,
) -> Generations:
    # gRPC and REST each want the authority in a form of their own.
    roots = {} if ca is None else {"root_certificates": ca.read_bytes()}
    tls = None if ca is None else ssl.create_default_context(cafile=ca)
    client = AsyncQdrantClient(
        url=url,
        grpc_port=grpc_port,
        prefer_grpc=True,
        api_key=api_key,
        timeout=max(1, round(timeout_s)),
        grpc_options={**_GRPC, **roots},
        check_compatibility=False,  # it asks over HTTP in the constructor, and blocks
        verify=tls or True,
    )
    snapshots = Snapshots(url, api_key=api_key, tls=tls, timeout_s=timeout_s)
    return ServerGenerations(client, collection, timeout_s, options=options, snapshots=snapshots)

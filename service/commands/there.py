"""How `vizinho copy` is told of the store that it copies to, where that differs from the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

To: TypeAlias = Annotated[
    str,
    typer.Option(
        "--to",
        help="A Qdrant server, such as http://qdrant:6333; or `embedded`, from a server to this machine.",
    ),
]
GrpcPort: TypeAlias = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="That server's gRPC port, if it is not VIZINHO_QDRANT_GRPC_PORT."),
]
ApiKeyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="A file with its API key. From the embedded store, VIZINHO_QDRANT_API_KEY does as well.",
        exists=True,
        dir_okay=False,
    ),
]
Ca: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="A file with its certificate authority, where that is your own.", exists=True, dir_okay=False
    ),
]
Collection: TypeAlias = Annotated[
    str | None, typer.Option(help="Its alias of the live collection, if it is not VIZINHO_COLLECTION.")
]
Replace: TypeAlias = Annotated[
    bool,
    typer.Option("--replace", help="Also where a catalogue is live there already. That one is kept."),
]


@dataclass(frozen=True, slots=True)
class There:
    grpc_port: int | None
    api_key_file: Path | None
    ca: Path | None
    collection: str | None

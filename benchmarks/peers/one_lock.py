"""The design of containers that serve one model: an asynchronous route that hands over to a thread, and one lock around
the network, so that a picture has all cores to itself while the others wait."""

import asyncio
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np
from fastapi import FastAPI, UploadFile
from numpy.typing import NDArray

from .catalogue import nearest
from .network import embed

app = FastAPI()
_lock = Lock()


def _embed_alone(data: bytes) -> NDArray[np.float32]:
    with _lock:
        return embed(BytesIO(data))


@app.post("/v1/search/upload")
async def search(image: UploadFile) -> list[dict[str, Any]]:
    return nearest(await asyncio.to_thread(_embed_alone, await image.read()))

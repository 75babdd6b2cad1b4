"""What people write: a synchronous route, which FastAPI runs in one of its forty threads, and in each of them the
network on one picture at a time."""

from typing import Any

from fastapi import FastAPI, UploadFile

from .catalogue import nearest
from .network import embed

app = FastAPI()


@app.post("/v1/search/upload")
def search(image: UploadFile) -> list[dict[str, Any]]:
    return nearest(embed(image.file))

"""The live generation, opened only if its schema and its fingerprint are what this process speaks."""

from migrations import runner
from service.store.base import Generation, Generations, Identity, VectorStore
from service.store.errors import FingerprintMismatch, SchemaAhead, SchemaBehind


async def open_live(generations: Generations, identity: Identity, *, upgrade: bool) -> VectorStore:
    live = await generations.live()
    if live is not None and live.identity != identity and upgrade and await _is_empty(generations, live):
        await _drop_all_of(generations, identity)
        live = None  # nothing was kept under the old identity, so nothing is lost by a fresh generation
    if live is None:
        if not upgrade:
            raise SchemaBehind("There is no catalogue yet. Run `vizinho migrate`, then start again.")
        return await build(generations, identity)
    if live.identity != identity:
        raise FingerprintMismatch(_mismatch(live.identity, identity))
    await check_schema(generations, live, upgrade=upgrade)
    return await _opened(generations, live)


async def _drop_all_of(generations: Generations, identity: Identity) -> None:
    """What was live under this identity before holds products that have been deleted since."""
    for generation in await generations.known():
        if generation.identity == identity:
            await generations.drop(generation)


async def build(generations: Generations, identity: Identity) -> VectorStore:
    """An empty generation under this identity, with the whole schema, made live."""
    generation = await generations.begin(identity)
    await runner.upgrade(generations.schema(generation))
    store = await _opened(generations, generation)
    await generations.activate(generation)
    return store


async def check_schema(generations: Generations, generation: Generation, *, upgrade: bool) -> None:
    schema = generations.schema(generation)
    status = await runner.status(schema)
    if status.ahead:
        raise SchemaAhead(
            f"The catalogue has the revisions {', '.join(status.ahead)}, which this version does not know. "
            "Run the version that wrote them, or a newer one."
        )
    if status.pending and not upgrade:
        pending = ", ".join(revision.revision for revision in status.pending)
        raise SchemaBehind(
            f"The catalogue's schema lacks {pending}. Run `vizinho migrate`, then start again."
        )
    await runner.upgrade(schema)


async def _opened(generations: Generations, generation: Generation) -> VectorStore:
    store = generations.open(generation)
    await store.load()
    return store


async def _is_empty(generations: Generations, generation: Generation) -> bool:
    return await (await _opened(generations, generation)).count() == 0


def _mismatch(stored: Identity, asked: Identity) -> str:
    sentence = (
        f"The catalogue was built as {stored.fingerprint}, and this process embeds as {asked.fingerprint}: "
        "their vectors must not meet. Set VIZINHO_BACKBONE, VIZINHO_WEIGHTS, VIZINHO_FIT and VIZINHO_DISTANCE as they "
        "were, or run `vizinho reembed` to build the catalogue anew from its stored images."
    )
    return f"{sentence}{lacking(stored.fingerprint, asked.fingerprint)}"


def lacking(stored: str, asked: str) -> str:
    """Files, so that whoever has them can bring them."""
    here = {*asked.split(".")}
    parts = [part for part in stored.split(".") if part.startswith(("weights-", "fit-"))]
    if not (names := [f"{part}.*" for part in parts if part not in here]):
        return ""
    return (
        f" If it was learned: with VIZINHO_WEIGHTS=auto {' and '.join(names)} is looked for in models/learned of this "
        "machine's data folder. Copy it there from where the catalogue was built; or `vizinho reembed --weights FILE` "
        "(or `--fit FILE`) with the same file puts it there and embeds nothing anew."
    )

from migrations import runner
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.opening import loaded_embedder, soon_over
from service.settings import Settings
from service.state import identity_of, opened_generations
from service.store.live import open_live


def migrate() -> None:
    settings = load_settings()
    configure_logging(settings.log_level)
    run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    """The embedder is loaded because a first generation is made for its vectors: and so its weights are there."""
    embedder = await loaded_embedder(soon_over(settings))
    async with opened_generations(settings) as generations:
        store = await open_live(generations, identity_of(embedder), upgrade=True)
        status = await runner.status(generations.schema(store.generation))
    out.print(f"{store.generation.name}: schema at {status.applied[-1]}, for {embedder.fingerprint}")

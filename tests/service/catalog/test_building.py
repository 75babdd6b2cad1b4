"""What a rollback goes back to."""

import pytest

from migrations import runner
from service.catalog.building import to_go_back_to
from service.store.base import Generation, Generations, Identity
from service.store.errors import StoreNotFound
from service.store.live import build

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]


@pytest.fixture
def generations(either_generations: Generations) -> Generations:
    return either_generations


def of(name: str) -> Identity:
    return Identity(name, 4, "cosine")


async def begun(generations: Generations, name: str) -> Generation:
    generation = await generations.begin(of(name))
    await runner.upgrade(generations.schema(generation))
    return generation


async def test_it_is_what_the_live_one_took_over_from_and_nothing_half_built(
    generations: Generations,
) -> None:
    first = (await build(generations, of("first"))).generation
    await begun(generations, "killed")
    third = await begun(generations, "third")
    await generations.activate(third, first)
    assert (await to_go_back_to(generations, third)).name == first.name
    await generations.activate(first)
    with pytest.raises(StoreNotFound, match=first.name):
        await to_go_back_to(generations, first)


async def test_it_may_be_newer_where_an_old_model_was_taken_up_again(generations: Generations) -> None:
    first = (await build(generations, of("first"))).generation
    second = await begun(generations, "second")
    await generations.activate(second, first)
    await generations.activate(first, second)
    assert (await to_go_back_to(generations, first)).name == second.name


async def test_where_nobody_noted_it_it_is_the_newest_older_one_of_another_model(
    generations: Generations,
) -> None:
    await build(generations, of("first"))
    second = (await build(generations, of("second"))).generation
    same = Identity("third", 4, "cosine")
    await build(generations, same)
    third = (await build(generations, same)).generation
    await begun(generations, "killed")
    assert (await to_go_back_to(generations, third)).name == second.name
    await generations.activate(third, Generation("gone", of("gone")))
    assert (await to_go_back_to(generations, third)).name == second.name


async def test_a_rollback_that_was_killed_at_its_end_is_ended_by_the_next(generations: Generations) -> None:
    await build(generations, of("first"))
    second = (await build(generations, of("second"))).generation
    await generations.freeze(second, seconds=30)
    assert (await to_go_back_to(generations, second)).name == second.name

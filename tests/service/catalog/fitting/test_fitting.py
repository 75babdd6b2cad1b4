"""The whole of it, with a real network on pictures that are drawn here."""

import asyncio
from collections.abc import Iterator

import pytest

from embedder import Embedder, EmbedderConfig, Fitter, ImageLimits
from service.catalog.fitting.fitting import Fitting
from service.catalog.fitting.looking import Look, Looking
from service.catalog.quality.goods import Good
from service.catalog.quality.holding_out import is_held_out
from tests.pictures import COLOURS, picture

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def mobilenet() -> Iterator[Embedder]:
    embedder = Embedder.load(EmbedderConfig("mobilenet_v3_large", "untrained", compilation="off"))
    yield embedder
    embedder.close()


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> list[Good]:
    folder = tmp_path_factory.mktemp("pictures")
    found = []
    for pattern in ("solid", "stripes", "dots"):
        for colour in COLOURS:
            for variant in range(0, 20, 4):
                path = folder / f"{pattern}-{colour}-{variant}.jpg"
                path.write_bytes(picture(colour, pattern, variant=variant, side=96))
                found.append(Good(path.stem, pattern, path, {"colour": colour}))
    (folder / "broken.jpg").write_bytes(b"no picture")
    return [
        *found,
        Good("broken", "solid", folder / "broken.jpg"),
        Good("gone", "solid", folder / "gone.jpg"),
    ]


async def test_what_is_chosen_has_learned_nothing_from_those_who_choose(
    mobilenet: Embedder, goods: list[Good]
) -> None:
    told: list[tuple[str, int, int]] = []
    fitting = Fitting(mobilenet, ImageLimits(), lambda *progress: told.append(progress))
    fitted = await fitting.run(goods, 8)
    learned_from = [good for good in goods[:60] if not is_held_out(good.id, 1 / 3)]
    choice = fitted.choice
    assert fitted.pictures == len(learned_from) < 60
    assert fitted.fit.dim == 8
    assert fitted.fit.digest == choice.best.fit.digest
    assert choice.measure == "precision@10 of category"
    assert dict(choice.scores)[choice.best] == max(score for _, score in choice.scores)
    assert choice.gain.value == pytest.approx(choice.after.value - choice.before.value)
    assert 0 < choice.questions < 60 - len(learned_from)
    assert fitted.fit.notes["pictures"]["count"] == len(learned_from)
    assert {stage for stage, _, _ in told} == {"learning", "fitting", "measuring"}
    again = await Fitting(mobilenet, ImageLimits(), lambda *_: None).run(goods, 8)
    assert again.fit.file() == fitted.fit.file(), "the same pictures and settings give the same bytes"


async def test_pictures_come_in_their_order_and_unreadable_ones_not_at_all(
    mobilenet: Embedder, goods: list[Good]
) -> None:
    looking = Looking(mobilenet, Fitter(mobilenet), ImageLimits())
    some = [goods[-1], *goods[:9], goods[-2], *goods[9:20]]
    seen: list[str] = []
    async for looks, features in looking.at([Look(good) for good in some], lambda *_: None):
        seen += [look.good.id for look in looks]
        assert {len(rows) for rows in features} == {len(looks)}
    assert seen == [good.id for good in goods[:20]]


async def test_whoever_gives_up_leaves_nothing_at_work(mobilenet: Embedder, goods: list[Good]) -> None:
    fitting = Fitting(mobilenet, ImageLimits(), lambda *_: None)
    running = asyncio.create_task(fitting.run(goods * 50, 8))
    await asyncio.sleep(0.3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [task for task in asyncio.all_tasks() if "_look" in repr(task)] == []

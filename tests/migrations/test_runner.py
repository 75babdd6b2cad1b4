"""The runner on a journal of its own: a store is not what is tested here, and the stores' tests run it on real ones."""

from dataclasses import dataclass, field

import pytest

from migrations import runner
from migrations.operations import FieldKind, SchemaOperations
from migrations.runner import BrokenHistory, Revision

pytestmark = pytest.mark.anyio


@dataclass
class Journal:
    """SchemaOperations that writes down what was asked."""

    recorded: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def applied(self) -> list[str]:
        return list(self.recorded)

    async def record(self, revision: str) -> None:
        self.recorded.append(revision)

    async def create_collection(self) -> None:
        self.done.append("collection")

    async def create_index(self, field: str, kind: FieldKind, *, tenant: bool = False) -> None:
        self.done.append(f"{field}:{kind}{':tenant' if tenant else ''}")


def revision(name: str, revises: str | None, *, fails: bool = False) -> Revision:
    async def upgrade(schema: SchemaOperations) -> None:
        await schema.create_index(name, "keyword")
        if fails:
            raise ConnectionError(name)

    return Revision(name, revises, f"Revision {name}.", upgrade)


async def test_the_first_revision_makes_the_collection_and_its_indexes() -> None:
    journal = Journal()
    assert await runner.upgrade(journal, runner.discover()[:1]) == ["0001"]
    assert journal.done == [
        "collection",
        "categories:keyword:tenant",
        "product_id:keyword",
        "image:keyword",
        "position:number",
    ]


async def test_what_is_applied_is_not_run_again() -> None:
    journal = Journal()
    history = [revision("a", None), revision("b", "a")]
    assert await runner.upgrade(journal, history[:1]) == ["a"]
    assert await runner.upgrade(journal, history) == ["b"]
    assert await runner.upgrade(journal, history) == []
    assert journal.done == ["a:keyword", "b:keyword"]


async def test_a_failed_step_is_not_recorded_and_is_run_again() -> None:
    journal = Journal()
    with pytest.raises(ConnectionError):
        await runner.upgrade(journal, [revision("a", None), revision("b", "a", fails=True)])
    assert journal.recorded == ["a"]
    assert await runner.upgrade(journal, [revision("a", None), revision("b", "a")]) == ["b"]
    assert journal.recorded == ["a", "b"]


async def test_status_tells_applied_pending_and_ahead() -> None:
    history = [revision("a", None), revision("b", "a")]
    status = await runner.status(Journal(recorded=["a", "z"]), history)
    assert status.applied == ["a", "z"]
    assert [pending.revision for pending in status.pending] == ["b"]
    assert status.ahead == ["z"]


async def test_a_history_that_is_no_chain_is_refused() -> None:
    with pytest.raises(BrokenHistory):
        runner.chain([revision("a", None), revision("b", None)])
    with pytest.raises(BrokenHistory):
        runner.chain([revision("b", "a")])


async def test_the_version_files_form_one_chain_and_say_what_they_do() -> None:
    history = runner.discover()
    assert history[0].revision == "0001"
    assert all(known.summary for known in history)

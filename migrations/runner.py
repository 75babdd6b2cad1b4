"""pending = known minus applied; run each, record each."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from migrations import versions
from migrations.operations import SchemaOperations


class BrokenHistory(Exception):
    """The version files do not form one chain."""


@dataclass(frozen=True, slots=True)
class Revision:
    revision: str
    revises: str | None
    summary: str
    upgrade: Callable[[SchemaOperations], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Status:
    applied: list[str]
    pending: list[Revision]
    ahead: list[str]
    """Recorded by a newer version of the program, unknown to this one."""


def discover() -> list[Revision]:
    names = sorted(module.name for module in pkgutil.iter_modules(versions.__path__))
    modules = [importlib.import_module(f"{versions.__name__}.{name}") for name in names]
    return chain(
        [
            Revision(m.revision, m.revises, (m.__doc__ or "").strip().splitlines()[0], m.upgrade)
            for m in modules
        ]
    )


def chain(revisions: Sequence[Revision]) -> list[Revision]:
    """Each revision must revise the one before it, and only the first may revise nothing."""
    expected = None
    for revision in revisions:
        if revision.revises != expected:
            raise BrokenHistory(f"{revision.revision} revises {revision.revises}, but follows {expected}.")
        expected = revision.revision
    return list(revisions)


async def status(schema: SchemaOperations, revisions: Sequence[Revision] | None = None) -> Status:
    known = discover() if revisions is None else revisions
    applied = await schema.applied()
    return Status(
        applied=applied,
        pending=[revision for revision in known if revision.revision not in applied],
        ahead=sorted(set(applied) - {revision.revision for revision in known}),
    )


async def upgrade(schema: SchemaOperations, revisions: Sequence[Revision] | None = None) -> list[str]:
    done = []
    for revision in (await status(schema, revisions)).pending:
        await revision.upgrade(schema)
        await schema.record(revision.revision)
        done.append(revision.revision)
    return done

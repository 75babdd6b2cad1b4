"""What a store offers to a migration. Bound to one generation, whose vector size and distance it knows."""

from typing import Literal, Protocol, TypeAlias

FieldKind: TypeAlias = Literal["keyword", "number", "bool"]


class SchemaOperations(Protocol):
    """Every operation may be repeated: Qdrant has no transactions, so an interrupted step is run again."""

    async def applied(self) -> list[str]: ...

    async def record(self, revision: str) -> None: ...

    async def create_collection(self) -> None: ...

    async def create_index(self, field: str, kind: FieldKind, *, tenant: bool = False) -> None: ...

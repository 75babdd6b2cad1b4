"""Why an import is not to be had.

CatalogError
├── NotFound
│   └── UnknownImport
├── InvalidSource
│   └── UnusableArchive     a zip that is damaged, locked, too large, or leads out of its folder
├── ImportsFull             as many wait as may
└── ImportsAway             this process takes none
"""

from service.catalog.errors import CatalogError, InvalidSource, NotFound


class UnknownImport(NotFound):
    code = "unknown_import"

    def __init__(self) -> None:
        super().__init__("There is no such import. The last hundred that have ended are kept.")


class UnusableArchive(InvalidSource):
    code = "unusable_archive"


class ImportsFull(CatalogError):
    code = "imports_full"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} imports wait already. Send this one when one of them is through.")


class ImportsAway(CatalogError):
    code = "imports_away"

"""An upload kept, and looked at for all that can be known at once: who sent it is still there to be told."""

from typing import BinaryIO

from service.catalog.imports.archives import ArchiveLimits
from service.catalog.imports.job import Order
from service.catalog.imports.journal import JobFolder
from service.catalog.imports.opening import source_of
from service.catalog.imports.unpacking import check_archive
from service.catalog.imports.uploads import keep


def receive(
    upload: BinaryIO, order: Order, folder: JobFolder, limits: ArchiveLimits, reserve_bytes: int
) -> None:
    folder.upload.mkdir(parents=True)
    folder.nothing.mkdir()
    kept = folder.upload / order.file
    keep(upload, kept, reserve_bytes)
    if order.is_archive:
        check_archive(kept, limits)
    else:
        source_of(order, folder)

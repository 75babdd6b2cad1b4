"""What is said to a client of an import that failed. The rest is in the log."""

from embedder import DeviceError
from service.catalog.errors import CatalogError
from service.catalog.imports.job import Failure
from service.catalog.imports.journal import JobFolder
from service.store.errors import StoreError, StoreFrozen, StoreFull, StoreNotFound

_AGAIN = "What was written stays. Send the import again, and it takes in what is missing."
_SENTENCES: list[tuple[type[Exception], str]] = [
    (StoreFull, f"There is no room left to write. {_AGAIN}"),
    (StoreError, f"The catalogue could not be reached for too long. {_AGAIN}"),
    (DeviceError, f"Images could not be embedded for too long. {_AGAIN}"),
]
_DOING = {
    StoreFrozen: "Waiting: the catalogue is moving to another model, and takes no writes just now.",
    StoreNotFound: "Waiting: the catalogue has moved to another model. It goes on when this service is restarted.",
    DeviceError: "Waiting: images cannot be embedded just now.",
}
_AWAY = "Waiting: the catalogue cannot be reached just now."


def failure_of(error: Exception, folder: JobFolder) -> Failure:
    code = str(getattr(error, "code", "device_error" if isinstance(error, DeviceError) else "internal_error"))
    if isinstance(error, CatalogError):
        return Failure(code, said(error, folder))
    sentence = next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), None)
    return Failure(code, sentence or f"Something went wrong here. It is in the log. {_AGAIN}")


def waiting_for(error: Exception) -> str:
    return next((words for kind, words in _DOING.items() if isinstance(error, kind)), _AWAY)


def said(error: CatalogError, folder: JobFolder) -> str:
    """Its sentence, as seen from inside the upload: where this machine keeps it is nobody's business."""
    sentence = str(error).replace("--map ", "map=")
    for place in (folder.upload, folder.files, folder.work):
        sentence = sentence.replace(f"{place}/", "").replace(str(place), "The upload")
    return sentence

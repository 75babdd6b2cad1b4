"""What can go wrong between the catalogue and Qdrant.

StoreError
├── StoreUnavailable    nobody answers: the process died, the server refused the connection
│   ├── StoreTimedOut   somebody may be there, but the deadline passed
│   └── StoreFrozen     no writes for now: the catalogue is moving to another generation
├── StoreFull           no room left to write
├── StoreBusy           the data directory belongs to another process
├── StoreDamaged        the files are there and cannot be read
├── StoreNotFound       the generation, or the collection behind it, is gone
├── StoreRefused        the engine refused what it was asked
├── InvalidQuery        a vector, payload, filter or limit that no engine should see
└── SchemaError         what is stored does not fit this version or this embedder
    ├── SchemaBehind
    ├── SchemaAhead
    └── FingerprintMismatch
"""


class StoreError(Exception):
    code = "store_error"


class StoreUnavailable(StoreError):
    code = "store_unavailable"


class StoreTimedOut(StoreUnavailable):
    code = "store_timed_out"


class StoreFrozen(StoreUnavailable):
    code = "store_frozen"

    def __init__(
        self,
        sentence: str = "The catalogue is moving to another model or store, and takes no writes just now. If it stays "
        "so, the move is done: restart this service with the new settings.",
    ) -> None:
        super().__init__(sentence)


class StoreFull(StoreError):
    code = "store_full"


class StoreBusy(StoreError):
    code = "store_busy"


class StoreDamaged(StoreError):
    code = "store_damaged"


class StoreNotFound(StoreError):
    code = "store_not_found"


class StoreRefused(StoreError):
    code = "store_refused"


class InvalidQuery(StoreError):
    code = "invalid_query"


class SchemaError(StoreError):
    code = "schema_error"


class SchemaBehind(SchemaError):
    code = "schema_behind"


class SchemaAhead(SchemaError):
    code = "schema_ahead"


class FingerprintMismatch(SchemaError):
    code = "fingerprint_mismatch"

"""The one place that reads the environment. Everything else is handed its values."""

import difflib
import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.access.keys import read_entries


def _parts(value: object) -> object:
    return tuple(re.split(r"[,\s]+", value.strip(", \t\r\n").lower())) if isinstance(value, str) else value


_Rate = Annotated[float, Field(gt=0, le=1_000_000)] | None
_Several = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_parts)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="VIZINHO_", env_ignore_empty=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("data"), description="where the embedded store, media and rejects are kept")
    host: str = Field("127.0.0.1", description="the address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8000, description="the port to listen on; 0 takes a free one"
    )

    api_keys: SecretStr | None = Field(
        None, description="who may call: an entry for each key, as `vizinho keys new` prints it"
    )
    open_access: bool = Field(
        False, description="without keys, listen on more than this machine's own addresses all the same"
    )
    allowed_hosts: _Several = Field(
        None,
        description="names by which a service without keys may be called, beside localhost, this machine's own name "
        "and IP addresses; `*` is any",
    )
    cors_origins: _Several = Field(
        None, description="web sites whose pages may call, such as https://shop.example; `*` is any"
    )
    trusted_proxies: _Several = Field(
        None, description="addresses or networks of proxies that are believed when they say for whom they ask"
    )
    rate_per_key: _Rate = Field(
        None,
        description="requests a second with one key, five seconds' worth at once; unset means any number",
    )
    rate_per_address: _Rate = Field(
        None, description="the same for one address, with or without a key; of IPv6 for a network of 64 bits"
    )
    header_timeout_s: Annotated[float, Field(gt=0, le=600)] = Field(
        10.0, description="deadline for a request's head to have come"
    )
    upload_timeout_s: Annotated[float, Field(gt=0, le=3_600)] = Field(
        30.0, description="how long a request's body is waited for; 16 kB of it win a second back"
    )
    stop_delay_s: Annotated[float, Field(ge=0, le=600)] = Field(
        0.0, description="when told to stop, how long to go on while /readyz already says so"
    )

    qdrant_url: str | None = Field(
        None, description="a Qdrant server or cluster; unset means the embedded store"
    )
    qdrant_grpc_port: Annotated[int, Field(ge=1, le=65535)] = Field(6334, description="its gRPC port")
    qdrant_api_key: SecretStr | None = Field(None, description="its API key")
    qdrant_ca: Path | None = Field(
        None,
        description="a file with the certificate authority of an https:// server; unset means the usual ones",
    )
    qdrant_shards: Annotated[int, Field(ge=1, le=1024)] | None = Field(
        None, description="shards of generations made from now on; unset means Qdrant's own default"
    )
    qdrant_replicas: Annotated[int, Field(ge=1, le=64)] | None = Field(
        None, description="copies of each shard in a cluster, for generations made from now on"
    )
    qdrant_write_consistency: Annotated[int, Field(ge=1, le=64)] | None = Field(
        None, description="copies that must have a write before it counts, for generations made from now on"
    )
    quantization: Literal["none", "int8"] = Field(
        "none",
        description="none or int8: a quarter of the memory to search in, for generations made from now on",
    )
    collection: str = Field(
        "products",
        pattern=r"^[a-z][a-z0-9_-]{0,62}$",
        description="the alias of the live collection on a server",
    )
    store_timeout_s: Annotated[float, Field(gt=0, le=600)] = Field(
        10.0, description="deadline of a call to the store"
    )
    disk_reserve_bytes: Annotated[int, Field(ge=0)] = Field(
        500_000_000, description="the embedded store takes no writes while less than this is free"
    )
    index_from: Annotated[int, Field(ge=1_000)] = Field(
        10_000, description="images that the embedded store compares one by one; more are given an index"
    )
    media_url: str | None = Field(
        None, description="originals and thumbnails elsewhere, such as s3://bucket/prefix"
    )

    backbone: str = Field("resnet50", description="the network that makes the vectors")
    weights: str = Field(
        "auto",
        description="auto (what the catalogue was built with; else imagenet-v1, else untrained), imagenet-v1, "
        "imagenet-v2, untrained, or a file",
    )
    fit: Path | None = Field(
        None,
        description="what `vizinho fit` wrote; unset means what the catalogue was built with, if anything",
    )
    models_dir: Path | None = Field(
        None, description="where weights and compiled graphs are cached; unset means torch's own cache"
    )
    distance: Literal["cosine", "euclid"] = Field("cosine", description="cosine or euclid")
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N")
    precision: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="auto, float32, bfloat16 or float16"
    )
    threads: Annotated[int, Field(ge=1, le=1024)] | None = Field(
        None, description="cores to compute on; unset means all that it may use"
    )
    compilation: Literal["background", "cached", "off"] = Field(
        "background", description="background, cached (use what was compiled before, compile nothing) or off"
    )

    rerank: Literal["none", "query_expansion", "database_augmentation", "k_reciprocal"] = Field(
        "none",
        description="order of the nearest where a search does not say: none, query_expansion, "
        "database_augmentation or k_reciprocal; set what `vizinho evaluate` shows to be better",
    )

    max_image_bytes: Annotated[int, Field(ge=1_000, le=1_000_000_000)] = Field(
        10_000_000, description="the largest image file"
    )
    max_image_pixels: Annotated[int, Field(ge=10_000, le=1_000_000_000)] = Field(
        40_000_000, description="the largest image, in pixels"
    )
    max_body_bytes: Annotated[int, Field(ge=1_000)] = Field(
        32_000_000, description="the largest request, which may carry several images"
    )
    max_import_bytes: Annotated[int, Field(ge=1_000)] = Field(
        2_000_000_000,
        description="the largest catalogue sent to /v1/imports; a zip may unpack to twice as much",
    )
    fetch_timeout_s: Annotated[float, Field(gt=0, le=600)] = Field(
        30.0, description="deadline of an image that is fetched by its URL, with its redirects and retries"
    )
    fetch_per_host: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="images fetched from one host at the same time"
    )
    fetch_private: bool = Field(
        False,
        description="fetch images from private addresses as well: whoever writes their URLs reads your network",
    )
    queue_size: Annotated[int, Field(ge=1, le=100_000)] = Field(
        128, description="images that may wait for the device; more are answered 503"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")
    log_format: Literal["console", "json"] = Field(
        "console", description="console for people, or json: an object a line"
    )
    access_log: Literal["notable", "all"] = Field(
        "notable",
        description="notable: a line for each request that failed here or was slow; all: for every one",
    )

    @field_validator("api_keys")
    @classmethod
    def _keys_are_entries(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            read_entries(keys.get_secret_value())
        return keys

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts_are_names(cls, hosts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for host in hosts or ():
            if not re.fullmatch(r"\*|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", host):
                raise ValueError(f"{host!r} is no name like shop.example, without a port.")
        return hosts

    @field_validator("cors_origins")
    @classmethod
    def _origins_have_no_path(cls, origins: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for origin in origins or ():
            if origin != "*" and not (_is_address(origin) and re.fullmatch(r"https?://[^/?#@]+", origin)):
                raise ValueError(f"{origin!r} is no origin like https://shop.example, without a path.")
        return origins

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, proxies: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Not `*`: then anybody could say to be anybody."""
        for proxy in proxies or ():
            ip_network(proxy)
        return proxies

    @field_validator("qdrant_url")
    @classmethod
    def _a_server_is_reached_by_http(cls, url: str | None) -> str | None:
        if url is not None and not _is_address(url):
            raise ValueError("A Qdrant server is named like http://localhost:6333.")
        return url

    @field_validator("qdrant_api_key", mode="before")
    @classmethod
    def _a_key_fits_into_a_header(cls, key: object) -> object:
        """Secrets that are kept in files often end with a line feed."""
        if not isinstance(key, str):
            return key
        if not (key := key.strip()).isascii() or not key.isprintable():
            raise ValueError("A key is of printable ASCII characters.")
        return key or None

    @field_validator("qdrant_ca")
    @classmethod
    def _an_authority_can_be_read(cls, file: Path | None) -> Path | None:
        if file is not None and not file.is_file():
            raise ValueError(f"There is no file {file}.")
        return file

    @field_validator("media_url")
    @classmethod
    def _media_have_a_scheme(cls, url: str | None) -> str | None:
        if url is not None and "://" not in url:
            raise ValueError("Media elsewhere are named like s3://bucket/prefix.")
        return url

    @model_validator(mode="after")
    def _no_more_copies_are_waited_for_than_there_are(self) -> Self:
        waited_for, copies = self.qdrant_write_consistency, self.qdrant_replicas
        if waited_for is not None and copies is not None and waited_for > copies:
            raise ValueError("VIZINHO_QDRANT_WRITE_CONSISTENCY is above VIZINHO_QDRANT_REPLICAS.")
        return self

    @model_validator(mode="after")
    def _an_authority_is_for_https(self) -> Self:
        if self.qdrant_ca is not None and not (self.qdrant_url or "").startswith("https://"):
            raise ValueError("VIZINHO_QDRANT_CA is for a VIZINHO_QDRANT_URL that begins with https://.")
        return self

    @model_validator(mode="after")
    def _a_whole_image_fits_a_request(self) -> Self:
        if self.max_body_bytes < self.max_image_bytes:
            raise ValueError(
                "VIZINHO_MAX_BODY_BYTES is below VIZINHO_MAX_IMAGE_BYTES: no such image could arrive."
            )
        return self


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0


def misspelt_variables() -> dict[str, str]:
    """Variables that look like ours and that no setting reads, each with the nearest one that is."""
    known = [f"VIZINHO_{name.upper()}" for name in Settings.model_fields]
    ours = (
        name for name in os.environ if name.startswith("VIZINHO_") and not name.startswith("VIZINHO_TEST_")
    )
    return {
        name: next(iter(difflib.get_close_matches(name, known, n=1)), "")
        for name in ours
        if name not in known
    }

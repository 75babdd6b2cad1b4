"""Who comes, how often, and whether they may: all that is asked before a request is read."""

from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Address
from starlette.requests import HTTPConnection

from service.access.keys import Caller, KeyRing, Role, read_entries
from service.access.rates import Rates
from service.access.refusals import Forbidden, TooManyRequests, Unauthorized
from service.settings import Settings

_ANYBODY = Caller("anybody", "write")
_LONGEST_ADDRESS = 64  # a proxy that is believed may say anything, and it is remembered


class Doorkeeper:
    def __init__(self, settings: Settings) -> None:
        keys = settings.api_keys
        self._keys = KeyRing(read_entries(keys.get_secret_value()) if keys else [])
        self._per_key = Rates(settings.rate_per_key) if settings.rate_per_key else None
        self._per_address = Rates(settings.rate_per_address) if settings.rate_per_address else None

    def admitted(self, request: HTTPConnection, role: Role) -> Caller:
        """The address comes first, so that whoever tries keys is held back like anybody else."""
        _hold_back(self._per_address, address_of(request.client), "from this address")
        if not self._keys:
            return _ANYBODY
        caller = self._holder(request.headers.getlist("authorization"))
        _hold_back(self._per_key, caller.name, "with this key")
        if not caller.may(role):
            raise Forbidden(caller.name)
        return caller

    def _holder(self, credentials: list[str]) -> Caller:
        scheme, _, key = credentials[0].partition(" ") if len(credentials) == 1 else ("", "", "")
        if scheme.lower() != "bearer":
            raise Unauthorized("This wants a key, sent as `Authorization: Bearer vz_...`.")
        caller = self._keys.holder_of(key.strip())
        if caller is None:
            raise Unauthorized("This key is not known here.", 'Bearer error="invalid_token"')
        return caller


def party_of(request: HTTPConnection) -> str:
    """Who has come, once it was admitted: the holder of a key, or else an address."""
    caller: Caller = request.state.caller
    return address_of(request.client) if caller is _ANYBODY else f"key {caller.name}"


def address_of(client: Address | None) -> str:
    """Of IPv6 the first half: the other one a machine chooses for itself, as often as it likes."""
    host = client.host[:_LONGEST_ADDRESS] if client else ""
    if ":" not in host:
        return host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


def _hold_back(rates: Rates | None, who: str, whose: str) -> None:
    if rates is not None and (wait_s := rates.wait_s(who)):
        raise TooManyRequests(whose, wait_s)

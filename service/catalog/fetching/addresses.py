"""Which addresses are public. Pure; asked about the very address that is connected to.

Being global by the registries' word is not enough: some addresses carry another one that is not, some are a
provider's own, and Python's lists are as old as Python.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_REFUSED_V4 = [
    IPv4Network("168.63.129.16/32"),  # Azure's platform, reachable from every virtual machine there
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("240.0.0.0/4"),
]
_UNICAST_V6 = IPv6Network("2000::/3")  # all that was ever given out
_REFUSED_V6 = [
    IPv6Network("2001::/23"),  # Teredo and other protocols' own
    IPv6Network("2001:db8::/32"),
    IPv6Network("3fff::/20"),
]
# Where the bits of an IPv4 address stand, counted from the right.
_CARRIERS = {
    IPv6Network("::ffff:0:0/96"): 0,
    IPv6Network("64:ff9b::/96"): 0,  # NAT64
    IPv6Network("2002::/16"): 80,  # 6to4
}
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}


def is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not _in_any(address, _REFUSED_V4)
    if address.scope_id is not None or not _tunnels_to_public(address):
        return False
    for network, shift in _CARRIERS.items():
        if address in network:
            return is_public(_carried(address, shift))
    return address in _UNICAST_V6 and address.is_global and not _in_any(address, _REFUSED_V6)


def _tunnels_to_public(address: IPv6Address) -> bool:
    """ISATAP stands in the lower half and goes with any prefix."""
    is_isatap = int(address) >> 32 & 0xFFFF_FFFF in _ISATAP
    return not is_isatap or is_public(_carried(address, 0))


def _carried(address: IPv6Address, shift: int) -> IPv4Address:
    return IPv4Address(int(address) >> shift & 0xFFFF_FFFF)


def _in_any(address: Address, networks: list[IPv4Network] | list[IPv6Network]) -> bool:
    return any(address in network for network in networks)

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.fetching.addresses import is_public

V4 = st.ip_addresses(v=4).map(lambda address: IPv4Address(int(address)))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:80b::200e",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
        "2606:4700::5efe:1.1.1.1",
    ],
)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["172.31.255.255", "100.127.255.255", "224.0.0.0", "::", "2001:1ff:ffff::1", "3fff:fff::1", "e000::1"],
)
def test_the_last_address_of_a_private_network_does_not(address: str) -> None:
    assert not is_public(ip_address(address))


@given(V4)
def test_an_address_in_another_s_clothes_is_as_public_as_itself(address: IPv4Address) -> None:
    number, public = int(address), is_public(address)
    assert is_public(IPv6Address(0xFFFF << 32 | number)) == public
    assert is_public(IPv6Address(0x64FF9B << 96 | number)) == public
    assert is_public(IPv6Address(0x2002 << 112 | number << 80)) == public
    assert is_public(IPv6Address(0x26064700 << 96 | 0x5EFE << 32 | number)) == public


@given(st.ip_addresses())
def test_nothing_passes_that_python_knows_to_be_private(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(address) or getattr(address, "ipv4_mapped", None)

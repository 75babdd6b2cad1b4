"""Addresses that are not public, in every spelling known here: each is refused, and nothing is connected to."""

from collections.abc import AsyncIterator

import pytest

from service.catalog.fetching.errors import AddressRefused
from service.catalog.fetching.fetcher import Fetcher
from tests.service.catalog.fetching.fetchers import TLS, Names, guarded, limits
from tests.service.catalog.fetching.image_server import ImageServer, redirect

pytestmark = pytest.mark.anyio

NUMBERS = [
    "127.0.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "00000177.0.0.1",
    "127.0.0.01",
    "127.000.000.001",
    "127.0.0.0x1",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "127.0x1",
    "6425673729",
    "0",
    "0x0",
    "0x",
    "00",
    "0.0.0.0",
    "127.0.0.1.",
    "127.0.0.1..",
    "127.1.",
    "127.255.255.254",
    "256.256.256.256",
    "example.com.127",
]
LETTERS = [
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "١٢٧.٠.٠.١",
    "𝟙𝟚𝟟.𝟘.𝟘.𝟙",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "127。1",
    "０ｘ７ｆ.1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌocalhost",
    "127.0.0.1\u200b",
    "127.0.0.1\u00ad",
    "\u202e1.0.0.721",
    "127\u2024" + "0.0.1",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "127.0.0.1%00.example.com",
    "127.0.0.1%2f.example.com",
    "l%6fcalhost",
    "localhost%2e",
    "127.0.0.1\x00",
    "127.0.0.1\x00.example.com",
    "127.0.0.1\t",
    "127.0.\n0.1",
    "127.0.0.1\r\nHost: example.com",
    " 127.0.0.1",
    "127.0.0.1 ",
    "127.0.0.1,example.com",
    "*",
    "..",
    "",
]
BRACKETS = [
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::127.0.0.1]",
    "[64:ff9b:1::5db8:d822]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:7f00:1::]",
    "[2001:0:5db8:d822:0:0:80ff:fffe]",
    "[2606:4700::5efe:127.0.0.1]",
    "[2606:4700::200:5efe:10.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fe80::1%lo]",
    "[::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[ff02::1]",
    "[ff0e::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
    "[::1",
    "::1",
    "[::1]]",
    "[[::1]]",
    "[127.0.0.1]",
    "[v1.127]",
    "[::1]example.com",
    "[]",
]
NETWORKS = [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
TRICKS = [
    "user@127.0.0.1",
    "user:secret@127.0.0.1",
    "@127.0.0.1",
    ":@127.0.0.1",
    "example.com@127.0.0.1",
    "example.com:80@127.0.0.1",
    "127.0.0.1@example.com",
    "example.com%40@127.0.0.1",
    "127.0.0.1\\@example.com",
    "example.com\\@127.0.0.1",
    "127.0.0.1\\.example.com",
    "example.com\\",
]
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "xn--rger-koa.example": ["10.0.0.1"],
    "one-foot-inside.example": ["93.184.215.14", "10.0.0.1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "scoped.example": ["2606:4700::1%2"],
    "nowhere.example": ["0.0.0.0"],
}
SPELLED_NAMES = [*NAMES, "LOCALHOST", "localhost.", "LocalHost.", "Ärger.example", "ärger。example"]
WHOLE = [
    "",
    "127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http:/\\127.0.0.1:{port}/",
    "\nhttp://127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/",
    "ht\ttp://127.0.0.1:{port}/",
    "url:http://127.0.0.1:{port}/",
    "httpſ://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com/",
    "http://127.0.0.1:{port}?@example.com/",
    "http://127.0.0.1:{port}/@example.com",
    "http://127.0.0.1:{port}:80/",
    "http://example.com:80:{port}/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:+{port}/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:65536/",
    "http://127.0.0.1:٨٠/",
    "http://127.0.0.1:8_0/",
    "http://:{port}/",
    "http://",
    "http://?127.0.0.1:{port}",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_INFO",
    "dict://127.0.0.1:{port}/info",
    "ws://127.0.0.1:{port}/",
    "http+unix://%2Frun%2Fdocker.sock/info",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://127.0.0.1:{port}/" + "a" * 10_000,
]
HOSTS = [*NUMBERS, *LETTERS, *BRACKETS, *NETWORKS, *TRICKS, *SPELLED_NAMES]
URLS = [*(f"http://{host}:{{port}}/" for host in HOSTS), *WHOLE]


@pytest.fixture
async def guarded_fetcher() -> AsyncIterator[Fetcher]:
    names = Names({name: [addresses] for name, addresses in NAMES.items()})
    async with Fetcher(limits(), None, backend=guarded(names), tls=TLS) as fetcher:
        yield fetcher


async def test_there_are_enough_of_them() -> None:
    assert len({*HOSTS, *WHOLE}) >= 150


@pytest.mark.parametrize("url", URLS, ids=ascii)
async def test_it_is_refused_and_not_connected_to(
    server: ImageServer, guarded_fetcher: Fetcher, url: str
) -> None:
    with pytest.raises(AddressRefused):
        await guarded_fetcher.fetch(url.replace("{port}", str(server.port)))
    assert server.connections == 0


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "[::1]"])
async def test_the_system_s_own_resolver_is_not_trusted_either(server: ImageServer, host: str) -> None:
    async with Fetcher(limits(allow_private=False), None, tls=TLS) as fetcher:
        with pytest.raises(AddressRefused, match="is not a public address"):
            await fetcher.fetch(server.url("/", host))
    assert server.connections == 0


async def test_private_addresses_may_be_allowed_and_odd_spellings_stay_refused(server: ImageServer) -> None:
    async with Fetcher(limits(allow_private=True), None, tls=TLS) as fetcher:
        with pytest.raises(AddressRefused, match="odd spelling"):
            await fetcher.fetch(server.url("/", "127.1"))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/",
        "//127.0.0.2:{port}/",
        "http://2130706434:{port}/",
        "http://0x7f.2:{port}/",
        "http://127.0.0.2.:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/",
        "http://inside.example:{port}/",
        "http://user:secret@127.0.0.2:{port}/",
        "http:\\\\127.0.0.2:{port}/",
        "/\\127.0.0.2:{port}/",
        "\\\\127.0.0.2:{port}",
        "http://127.0.0.2%00.example.com:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.2:{port}/_INFO",
        "data:image/png;base64,AAAA",
    ],
)
async def test_a_redirect_there_is_refused_as_well(server: ImageServer, location: str) -> None:
    server.replies["/"] = redirect(location.replace("{port}", str(server.port)))
    names = Names({"inside.example": [["127.0.0.2"]]})
    async with Fetcher(limits(), None, backend=guarded(names, "127.0.0.1"), tls=TLS) as fetcher:
        with pytest.raises(AddressRefused, match="redirected to"):
            await fetcher.fetch(server.url("/"))
    assert [request.to for request in server.requests] == ["127.0.0.1"]

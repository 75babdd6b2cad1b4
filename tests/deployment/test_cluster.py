"""The cluster's compose file and its proxy: whichever container is away, somebody answers."""

import re
import subprocess
from ipaddress import ip_address, ip_network

from service.settings import Settings
from tests.deployment.compose import ROOT, ours, resolved, services, tool

CADDYFILE = ROOT / "deploy/Caddyfile"
NODES = ["qdrant-1", "qdrant-2", "qdrant-3"]


def serving() -> dict[str, dict[str, object]]:
    return {name: service for name, service in ours("cluster").items() if service["command"] == ["serve"]}


def test_three_nodes_form_one_cluster_around_the_first() -> None:
    nodes = {name: service for name, service in services("cluster").items() if name.startswith("qdrant")}
    assert list(nodes) == NODES
    for name, node in nodes.items():
        command = node["command"]
        assert command[command.index("--uri") + 1] == f"http://{name}:6335"
        assert node["environment"]["QDRANT__CLUSTER__ENABLED"] == "true"
        assert node["networks"]["store"]["aliases"] == ["qdrant"]
        if name == "qdrant-1":
            assert "--bootstrap" not in command
        else:
            assert command[command.index("--bootstrap") + 1] == "http://qdrant-1:6335"
            assert node["depends_on"]["qdrant-1"]["condition"] == "service_healthy"
    assert len({node["volumes"][0]["source"] for node in nodes.values()}) == len(NODES)


def test_every_point_is_on_two_nodes_and_every_node_has_some() -> None:
    for service in ours("cluster").values():
        environment = service["environment"]
        replicas = int(environment["VIZINHO_QDRANT_REPLICAS"])
        assert 2 <= replicas < len(NODES)
        assert int(environment["VIZINHO_QDRANT_WRITE_CONSISTENCY"]) < replicas, "one may be away"
        assert int(environment["VIZINHO_QDRANT_SHARDS"]) % len(NODES) == 0
        assert environment["VIZINHO_QDRANT_URL"] == "http://qdrant:6333"


def test_each_service_has_a_data_directory_of_its_own_and_all_have_the_pictures() -> None:
    mounts = [
        {mount["target"]: mount["source"] for mount in service["volumes"]}  # type: ignore[attr-defined]
        for service in serving().values()
    ]
    assert len(mounts) == 2
    assert len({mount["/data"] for mount in mounts}) == 2
    assert {mount["/data/media"] for mount in mounts} == {"media"}


def test_only_the_proxy_is_believed_and_nobody_else_can_have_its_address() -> None:
    front = resolved("cluster")["networks"]["front"]["ipam"]["config"][0]
    address = ip_address(services("cluster")["proxy"]["networks"]["front"]["ipv4_address"])
    assert address in ip_network(front["subnet"])
    assert address not in ip_network(front["ip_range"])
    assert address != ip_address(front["gateway"])
    for service in serving().values():
        assert service["environment"]["VIZINHO_TRUSTED_PROXIES"] == str(address)  # type: ignore[index]


def test_the_nodes_are_out_of_the_proxys_reach_and_of_everybody_elses() -> None:
    everything = services("cluster")
    assert set(everything["proxy"]["networks"]) == {"front"}
    assert all(set(everything[name]["networks"]) == {"store"} for name in NODES)
    assert resolved("cluster")["networks"]["store"]["internal"] is True


def test_the_proxy_asks_every_service_and_no_other() -> None:
    upstreams = re.findall(r"^\treverse_proxy (?:@\w+ )?(.*) \{$", CADDYFILE.read_text("utf-8"), re.MULTILINE)
    assert len(upstreams) == 2
    assert {tuple(line.split()) for line in upstreams} == {tuple(f"{name}:8000" for name in serving())}


def test_the_proxy_lets_through_what_the_service_takes_and_is_patient_with_it() -> None:
    text, settings = CADDYFILE.read_text(encoding="utf-8"), Settings.model_fields
    (most,) = re.findall(r"max_size (\d+)MB", text)
    assert int(most) * 1_000_000 > settings["max_import_bytes"].default
    (patience,) = re.findall(r"response_header_timeout (\d+)m", text)
    assert 60 * int(patience) > settings["fetch_timeout_s"].default + settings["store_timeout_s"].default
    (idle,) = re.findall(r"keepalive (\d+)s", text)
    assert int(idle) < 5, "uvicorn closes after five seconds, and a request on its way would be lost"


def test_caddy_takes_its_file_and_would_write_it_no_other_way() -> None:
    caddy = tool("caddy")
    checked = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert '"level":"warn"' not in checked.stderr
    formatted = subprocess.run(
        [caddy, "fmt", str(CADDYFILE)], capture_output=True, text=True, check=False
    ).stdout
    assert formatted == CADDYFILE.read_text(encoding="utf-8")


def test_the_proxys_health_is_asked_for_where_it_is_told() -> None:
    proxy = services("cluster")["proxy"]
    assert proxy["healthcheck"]["test"][-1] == "http://127.0.0.1:8080/"
    assert re.search(r"^:8080 \{$", CADDYFILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert proxy["environment"]["SITE_ADDRESS"] == ":8000"
    (mounted,) = [mount for mount in proxy["volumes"] if mount["type"] == "bind"]
    assert (ROOT / mounted["source"]).samefile(CADDYFILE)

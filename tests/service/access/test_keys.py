import hashlib
import hmac
from pathlib import Path

import pytest

from service.access.keys import Caller, KeyRing, new_key, read_entries
from service.settings import Settings
from tests.e2e.in_process import here

HASH = hashlib.sha256(b"vz_somebody's key").hexdigest()
OTHER = hashlib.sha256(b"vz_another key").hexdigest()


def test_entries_are_separated_by_commas_blanks_and_line_feeds() -> None:
    entries = read_entries(f" shop:read:{HASH},\n\tpim.eu-1:write:{OTHER}\n")
    assert [entry.caller for entry in entries] == [Caller("shop", "read"), Caller("pim.eu-1", "write")]
    assert [str(entry) for entry in entries] == [f"shop:read:{HASH}", f"pim.eu-1:write:{OTHER}"]


def test_a_new_key_is_the_one_that_its_entry_lets_in() -> None:
    key, entry = new_key("shop", "write")
    ring = KeyRing(read_entries(str(entry)))
    assert key.startswith("vz_")
    assert len(key) == len("vz_") + 43, "256 bits"
    assert ring.holder_of(key) == Caller("shop", "write")
    for wrong in (key[:-1], key + "x", key.upper(), str(entry), entry.hash, "", "vz_", "ключ"):
        assert ring.holder_of(wrong) is None
    assert new_key("shop", "write")[0] != key


def test_one_name_may_have_several_keys_while_they_are_changed() -> None:
    (old, old_entry), (new, new_entry) = new_key("shop", "read"), new_key("shop", "read")
    both = KeyRing(read_entries(f"{old_entry} {new_entry}"))
    assert both.holder_of(old) == both.holder_of(new) == Caller("shop", "read")
    afterwards = KeyRing(read_entries(str(new_entry)))
    assert afterwards.holder_of(old) is None
    assert afterwards.holder_of(new) == Caller("shop", "read")


def test_writing_implies_reading_and_nothing_implies_writing() -> None:
    assert Caller("a", "write").may("read")
    assert Caller("a", "write").may("write")
    assert Caller("a", "read").may("read")
    assert not Caller("a", "read").may("write")


def test_every_entry_is_compared_to_its_end_wherever_the_right_one_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [new_key(f"shop-{number}", "read") for number in range(5)]
    ring = KeyRing([entry for _, entry in made])
    compare, compared = hmac.compare_digest, []

    def counting(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    for presented in (made[0][0], made[4][0], "vz_nobody's"):
        compared.clear()
        ring.holder_of(presented)
        assert compared == [(64, 64)] * 5


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ("vz_secret", "Entry 1 is not NAME:ROLE:HASH"),
        ("vz_secret:read:" + HASH, "Entry 1 is not NAME:ROLE:HASH"),
        (f"shop:read:{HASH} shop", "Entry 2 is not NAME:ROLE:HASH"),
        (f":read:{HASH}", "Entry 1 is not NAME:ROLE:HASH"),
        (f"a/b:read:{HASH}", "Entry 1 is not NAME:ROLE:HASH"),
        (f"{'x' * 65}:read:{HASH}", "Entry 1 is not NAME:ROLE:HASH"),
        (f"shop:vz_secret:{HASH}", "'shop', has neither the role read nor the role write"),
        (f"shop:Read:{HASH}", "'shop', has neither"),
        ("shop:read", "'shop', ends in no SHA-256"),
        ("shop:read:vz_secret", "'shop', ends in no SHA-256"),
        (f"shop:read:{HASH[:-1]}", "'shop', ends in no SHA-256"),
        (f"shop:read:{HASH.upper()}", "'shop', ends in no SHA-256"),
        (f"shop:read:{HASH}:write", "'shop', ends in no SHA-256"),
        (f"shop:read:{HASH} pim:write:{HASH}", "Two entries are of the same key"),
    ],
)
def test_entries_that_cannot_be_are_told_without_what_may_be_a_key(entries: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        Settings(api_keys=entries)
    assert "vz_secret" not in str(refused.value)
    assert HASH not in str(refused.value)


def test_keys_show_in_nothing_that_prints_the_settings() -> None:
    settings = Settings(api_keys=f"shop:read:{HASH}")
    for printed in (repr(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert HASH not in printed


def test_the_command_prints_two_lines_for_a_script_and_the_rest_for_a_person(tmp_path: Path) -> None:
    made = here(tmp_path, "keys", "new", "shop", "--role", "write")
    key, entry = made.stdout.splitlines()
    assert made.exit_code == 0
    assert KeyRing(read_entries(entry)).holder_of(key) == Caller("shop", "write")
    assert "VIZINHO_API_KEYS" in made.stderr
    assert key not in made.stderr


@pytest.mark.parametrize(
    "arguments",
    [["a:b", "--role", "read"], ["vz_key", "--role", "read"], ["shop"], ["shop", "--role", "admin"]],
)
def test_the_command_makes_no_key_for_a_name_or_role_that_cannot_be(
    tmp_path: Path, arguments: list[str]
) -> None:
    refused = here(tmp_path, "keys", "new", *arguments)
    assert refused.exit_code in {1, 2}
    assert not refused.stdout

import resource

import pytest

from service.access.open_files import allow_many_open_files, most_open_files


def test_as_many_files_are_asked_for_as_the_system_gives() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] <= 1_024:
        pytest.skip("no more than the least are to be had here")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, before[1]))
        allow_many_open_files()
        assert most_open_files() == min(before[1], 65_536)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        allow_many_open_files()
        assert most_open_files() >= before[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

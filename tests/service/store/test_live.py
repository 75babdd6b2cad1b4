"""What a refusal tells of a model that is not here."""

from service.store.live import lacking

STORED = "resnet50.weights-0a1b2c3d.224.fit-01234567-256.unit.0123456789ab"


def test_the_files_that_would_mend_it_are_named() -> None:
    told = lacking(STORED, "resnet50.weights-ffffffff.224.unit.ba9876543210")
    assert "weights-0a1b2c3d.* and fit-01234567-256.*" in told
    assert "models/learned" in told
    assert "weights-0a1b2c3d" not in lacking(STORED, "resnet50.weights-0a1b2c3d.224.unit.ba9876543210")


def test_where_no_file_is_lacking_none_is_told() -> None:
    assert lacking(STORED, STORED.replace("unit", "raw")) == ""
    assert lacking("other", STORED) == ""

import json

import numpy as np
import pytest

from service.catalog.calibration.calibration import Calibration
from service.catalog.calibration.familiarity import Familiarity
from service.catalog.calibration.packing import packed, unpacked
from service.catalog.calibration.scale import Scale
from tests.service.catalog.calibration.test_familiarity import FAR, NOTHING, vectors

SCALE = Scale.of([0.5, 0.6, 0.7], np.linspace(0, 1, 100))
KEPT = Calibration("model", 600, {"": SCALE, "Shoes": SCALE}, Familiarity.of(vectors(0, 600), NOTHING))


def test_what_is_kept_says_the_same_when_it_is_read_again() -> None:
    read = unpacked(packed(KEPT), "model")
    assert read is not None
    assert (read.fingerprint, read.images, read.scales) == (KEPT.fingerprint, KEPT.images, KEPT.scales)
    asked = [*vectors(7, 300), *vectors(8, 300, FAR)]
    said = [KEPT.familiarity.knows(vector) for vector in asked]
    assert {True, False} == set(said)
    assert np.mean([read.familiarity.knows(vector) for vector in asked] != np.array(said)) < 0.01


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"body": {}, "sha256": ""}', '{"body": 3}'])
def test_what_nobody_kept_is_no_calibration(text: str) -> None:
    assert unpacked(text, "model") is None


def test_another_models_is_none_and_neither_is_a_damaged_one() -> None:
    text = packed(KEPT)
    assert unpacked(text, "another model") is None
    said = json.loads(text)
    said["body"]["least"] += 0.1
    assert unpacked(json.dumps(said), "model") is None


def test_a_category_without_a_scale_is_judged_by_the_one_above() -> None:
    high = Scale.of([0.9] * 3, np.linspace(0, 1, 100))
    calibration = Calibration("model", 9, {"": SCALE, "A": high}, KEPT.familiarity)
    assert calibration.scale("A/1/2") is high
    assert calibration.scale("B/1") is SCALE
    assert calibration.lowest("fair") == SCALE.fair

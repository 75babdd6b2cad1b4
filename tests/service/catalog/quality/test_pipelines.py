import pytest

from service.catalog.quality.errors import InvalidPipeline
from service.catalog.quality.pipelines import Spec, all_of, named, parsed

USUAL = Spec("resnet50", "auto")


def test_what_is_not_said_is_as_usual() -> None:
    found = parsed(" weights=models/own.safetensors , rerank=k_reciprocal", USUAL)
    assert found == Spec("resnet50", "models/own.safetensors", rerank="k_reciprocal")
    assert parsed("backbone=vgg16,weights=a=b,distance=euclid,fit=f", USUAL) == Spec(
        "vgg16", "a=b", "euclid", "f"
    )


def test_an_order_needs_no_vectors_of_its_own() -> None:
    assert parsed("rerank=query_expansion", USUAL).vectors == USUAL
    assert parsed("fit=f,rerank=query_expansion", USUAL).vectors != USUAL


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "sets nothing"),
        ("weights", "sets nothing"),
        ("=a", "sets nothing"),
        ("weigths=a", "Did you mean 'weights'"),
        ("pooling_of_things=a", "There are backbone, weights"),
        ("weights=a,weights=b", "twice, to 'a' and to 'b'"),
        ("distance=manhattan", "none of cosine, euclid"),
        ("rerank=best", "none of none, query_expansion"),
        ("weights=", "have names"),
    ],
)
def test_what_cannot_be_meant_is_told(said: str, sentence: str) -> None:
    with pytest.raises(InvalidPipeline, match=sentence):
        parsed(said, USUAL)


def test_names_say_what_is_different_and_no_two_are_alike() -> None:
    said = ["weights=/far/away/a.pth,distance=euclid", "weights=/near/a.pth,distance=euclid"]
    assert named(all_of(USUAL, said), USUAL, "in service") == [
        "in service",
        "weights=a.pth distance=euclid",
        "weights=a.pth distance=euclid (2)",
    ]


@pytest.mark.parametrize("said", [["rerank=none"], ["weights=a", "distance=cosine,weights=a"]])
def test_a_pipeline_is_not_compared_with_itself(said: list[str]) -> None:
    with pytest.raises(InvalidPipeline, match="already"):
        all_of(USUAL, said)

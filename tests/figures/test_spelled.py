"""Sentences are sent as what is not as in the one before."""

from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.spelled import briefly, spelled
from tests.pages.test_pages import in_full

TOLD = ["Adam is 2.3 above.", "Adam is 2.28 above.", "Adam is 2.28 above.", "All are there.", "", "aa", "aaa"]


def test_what_differs_is_told_and_can_be_read_again() -> None:
    sent = spelled(TOLD)
    assert sent[:4] == [TOLD[0], (10, 7, "28"), (19, 0, ""), (1, 2, "ll are ther")]
    assert in_full(sent) == TOLD
    assert spelled([]) == []


def test_letters_that_a_browser_counts_as_two_are_told_in_full() -> None:
    told = ["😀 is 1", "😀 is 2"]
    assert spelled(told) == told


def test_only_captions_are_spelled() -> None:
    figure = AnimatedFigure([], {"meta": {"captions": TOLD[:2], "unit": "steps"}}, [])
    assert briefly(figure).to_dict()["layout"]["meta"] == {"captions": spelled(TOLD[:2]), "unit": "steps"}
    still = AnimatedFigure([], {"meta": {"clicks": []}}, [])
    assert briefly(still) is still

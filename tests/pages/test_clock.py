"""The play head's place in a link: within what the stage's own clock shows."""

import pytest

from tests.pages.test_pages import complaint, link, open_page, rerun


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"at": "999"}, "at is 999.0; allowed is 0 to 300. end is used instead"),
        ({"at": "31", "steps": "30"}, "at is 31.0; allowed is 0 to 30. end is used instead"),
        ({"at": "1.5"}, "at is 1.5; it must be a whole number"),
    ],
)
def test_the_complaint_says_the_real_bounds(query: dict[str, str], sentence: str) -> None:
    assert sentence in complaint(open_page("descent", **query))


def test_a_run_that_becomes_shorter_takes_the_play_head_to_its_end() -> None:
    app = open_page("descent", at="200")
    assert link(app) == {"at": "200"}
    app.session_state["steps"] = 100
    rerun(app)
    assert link(app) == {"steps": "100"}
    assert complaint(open_page("descent", **link(app))) == ""

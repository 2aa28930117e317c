"""How the tests are dealt to workers."""

from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

from tests.conftest import spread


def item(name: str, *marks: str) -> SimpleNamespace:
    return SimpleNamespace(path=Path(name), get_closest_marker=lambda mark: mark if mark in marks else None)


def test_files_that_need_a_browser_stand_evenly_among_the_others_and_stay_whole() -> None:
    items = [item(f"browser/{k // 5}", "browser") for k in range(30)] + [item(f"other/{k // 9}") for k in range(900)]
    spread(items)
    assert len({each.path for each in items}) == len([*groupby(each.path for each in items)]) == 6 + 100
    places = [k for k, each in enumerate(items) if each.path.parent.name == "browser"]
    assert [sum(start <= k < start + 310 for k in places) for start in (0, 310, 620)] == [10, 10, 10]

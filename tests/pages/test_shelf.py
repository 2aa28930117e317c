"""What is used again is kept up to so many bytes, and used by one at a time."""

from threading import Event, Thread

import numpy as np
import pytest

from landscape.dashboard.kit.shelf import Shelf


def test_an_item_is_made_once_and_the_one_used_longest_ago_leaves_first() -> None:
    shelf, made = Shelf(room=300), []

    def use(key: str) -> int:
        def make() -> np.ndarray:
            made.append(key)
            return np.zeros(100, dtype=np.uint8)

        return shelf.use(key, make, len)

    assert [use(key) for key in "abcabad"] == [100] * 7
    assert made == list("abcd")
    # "c" was used longest ago, and has made room for "d".
    use("a"), use("b"), use("c")
    assert made == list("abcdc")


def test_an_item_that_grows_past_the_room_stays_alone() -> None:
    shelf, made = Shelf(room=300), []

    def make() -> Grown:
        made.append(1)
        return Grown()

    shelf.use("small", make, lambda item: item.grow(200))
    shelf.use("large", make, lambda item: item.grow(400))
    assert shelf.use("large", make, lambda item: item.nbytes) == 400
    assert shelf.use("small", make, lambda item: item.nbytes) == 0
    assert len(made) == 3


class Grown:
    nbytes = 0

    def grow(self, by: int) -> None:
        self.nbytes += by


def test_what_goes_wrong_leaves_nothing_behind() -> None:
    shelf, made = Shelf(room=300), []

    def wrong(*_: object) -> Grown:
        raise ValueError("wrong")

    def make() -> Grown:
        made.append(1)
        return Grown()

    for key in range(5):
        with pytest.raises(ValueError, match="wrong"):
            shelf.use(key, wrong, lambda item: item.nbytes)
        with pytest.raises(ValueError, match="wrong"):
            shelf.use(key, make, wrong)
    assert len(made) == 5
    assert not shelf._places


def test_a_shelf_is_cleared() -> None:
    shelf = Shelf(room=300)
    shelf.use("key", Grown, lambda item: item.grow(200))
    shelf.clear()
    assert shelf.use("key", Grown, lambda item: item.nbytes) == 0
    # All its room is free again.
    for key in ("one", "other"):
        shelf.use(key, Grown, lambda item: item.grow(140))
    assert shelf.use("one", Grown, lambda item: item.nbytes) == 140


def test_nobody_else_uses_an_item_meanwhile() -> None:
    shelf, begun, go, order = Shelf(room=300), Event(), Event(), []

    def slow(_: Grown) -> None:
        begun.set()
        go.wait(10)
        order.append("first")

    first = Thread(target=lambda: shelf.use("key", Grown, slow))
    first.start()
    begun.wait(10)
    second = Thread(target=lambda: shelf.use("key", Grown, lambda _: order.append("second")))
    second.start()
    # Another key's item is free.
    shelf.use("other", Grown, lambda _: order.append("other"))
    go.set()
    first.join(10), second.join(10)
    assert order == ["other", "first", "second"]


def test_what_has_left_while_it_was_used_takes_no_room_and_comes_back() -> None:
    shelf, made = Shelf(room=300), []

    def make() -> Grown:
        made.append(1)
        return Grown()

    def crowded_out(item: Grown) -> None:
        item.grow(200)
        for key in "abc":
            shelf.use(key, Grown, lambda each: each.grow(200))

    shelf.use("key", make, crowded_out)
    assert shelf._taken == 200
    shelf.use("key", make, lambda item: item.grow(50))
    assert len(made) == 2
    assert shelf._taken == 250 == sum(place.size for place in shelf._places.values())

"""What is used again and grows with its use, kept for all viewers up to so many bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


Item = TypeVar("Item", bound=Sized)
Result = TypeVar("Result")


class _Place:
    """Where one item stands: whoever uses it holds the lock."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.item: Any = None
        self.size = 0


class Shelf:
    """Items by key, those used last: at most `room` bytes of them, or the last alone.

    A key says all that an item depends on.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._lock = Lock()
        # Bytes: of a thousand items they are not added up at every use.
        self._taken = 0
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    def use(self, key: Hashable, make: Callable[[], Item], work: Callable[[Item], Result]) -> Result:
        """What work(item) returns, of the item of this key, made if there is none; nobody else uses it meanwhile."""
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
        with place.lock:
            try:
                if place.item is None:
                    place.item = make()
                result, size = work(place.item), place.item.nbytes
            except Exception:
                # What has gone wrong on the way may be half done; nor does a place that is empty weigh anything.
                self._clear(key, place)
                raise
            with self._lock:
                if self._places.get(key) is place:
                    self._taken += size - place.size
                    place.size = size
                while self._taken > self.room and len(self._places) > 1:
                    self._taken -= self._places.popitem(last=False)[1].size
        return result

    def clear(self) -> None:
        """Forget all items; one that is in use goes when it is used no more."""
        with self._lock:
            self._places.clear()
            self._taken = 0

    def _clear(self, key: Hashable, place: _Place) -> None:
        with self._lock:
            if self._places.get(key) is place:
                self._taken -= place.size
                del self._places[key]

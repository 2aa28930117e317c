"""Registries: a class is entered under a key by the decorator above it, and everything else follows from that."""

from collections.abc import Callable
from typing import Any, TypeVar

Entry = TypeVar("Entry", bound=type[Any])


def registrar(registry: dict[str, Any]) -> Callable[[str], Callable[[Entry], Entry]]:
    """A class decorator that enters classes in `registry` and tells them their key; ValueError for a key in use."""

    def register(key: str) -> Callable[[Entry], Entry]:
        def enter(cls: Entry) -> Entry:
            if key in registry:
                raise ValueError(f"key is {key!r}, which {registry[key].__name__} already has")
            cls.key = key
            registry[key] = cls
            return cls

        return enter

    return register

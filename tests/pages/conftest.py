"""What makes a simulated page quick to open, and its figures whole."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from landscape.dashboard.basins import fates_view
from landscape.dashboard.kit import kept


@pytest.fixture(scope="session", autouse=True)
def one_scan() -> Iterator[None]:
    """Every AppTest reads the metadata of all installed distributions, in search of components; one look is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What grows is drawn when it is done: of what is drawn again only the difference would be seen."""
    monkeypatch.setattr(kept, "GROWTH", 60.0)
    monkeypatch.setattr(fates_view, "FIRST", 60.0)

"""What makes a view's controls quick to run, here as on the pages."""

from tests.pages.conftest import one_scan

__all__ = ["one_scan"]

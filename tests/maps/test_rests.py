"""Where runs rest that no search has listed: what the ground there is called."""

import numpy as np
import pytest

from landscape.maps.rests import NOWHERE, with_rests_of
from landscape.surfaces import surface_from_formula
from landscape.theory.stationary import StationaryPoints

NONE = StationaryPoints(np.empty((0, 2)), np.empty(0), np.empty((0, 2)), np.empty(0, dtype="<U10"))


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        # A valley that falls, ever so little, between the directions in which one would look.
        ("0.0013*(x + 0.04*y)**2 - 0.000000003*(y - 0.04*x)**2", "saddle"),
        ("0.0013*(x + 0.04*y)**2 + 0.000000003*(y - 0.04*x)**2", "minimum"),
        ("x**4 + y**4", "minimum"),
        ("-x**2 - y**2", "maximum"),
        ("abs(x) + 2*abs(y)", "minimum"),
        ("max(x, y)", ""),
        # It fades for ever: up this way, down that.
        ("exp(-60 - x) - exp(-60 - y)", ""),
        ("5 + 0*x", ""),
    ],
)
def test_the_ground_where_a_run_rests_is_called_what_it_is(formula: str, kind: str) -> None:
    found, index = with_rests_of(surface_from_formula(formula), NONE, np.zeros((1, 2)), 14.0)
    assert list(found.kind) == ([kind] if kind else [])
    assert index[0] == (0 if kind else NOWHERE)

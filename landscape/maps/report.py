"""Report: what fate maps and sweeps say, in words and as a table."""

from typing import Any

import numpy as np

from landscape.finding import Finding
from landscape.maps.atlas import Atlas, order
from landscape.maps.basins import DIVERGED, NONE
from landscape.maps.swept import Swept
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import KINDS

# A share of the starts that is worth a sentence.
TELLING = 1e-3


def fate_findings(atlas: Atlas) -> list[Finding]:
    """What to notice: who finds what is no minimum, who is quickest, who is lost."""
    return [*_drawn_elsewhere(atlas), *_quickest(atlas), *_lost(atlas)]


def _drawn_elsewhere(atlas: Atlas) -> list[Finding]:
    kinds, found = atlas.attractors.kind, []
    for key, each in atlas.maps.items():
        others = {kind: float(each.fractions[kinds == kind].sum()) for kind in KINDS[1:]}
        shares = {kind: share for kind, share in others.items() if share >= TELLING}
        if shares:
            caught = ", ".join(f"**{percent(share)}** to a {kind}" for kind, share in shares.items())
            text = f"{OPTIMIZERS[key].title} is drawn to what is no minimum: {caught}."
            found.append(Finding("fates.no_minimum", {"method": key, "shares": shares}, text))
    return found


def _quickest(atlas: Atlas) -> list[Finding]:
    typical = {
        key: float(np.median(each.steps[each.attractor >= 0]))
        for key, each in atlas.maps.items()
        if (each.attractor >= 0).any()
    }
    if not typical:
        return []
    key = min(typical, key=lambda k: typical[k])
    text = f"Quickest: **{OPTIMIZERS[key].title}**, half of its starts are there within {typical[key]:.0f} steps."
    return [Finding("fates.quickest", {"method": key, "steps": typical[key]}, text)]


def _lost(atlas: Atlas) -> list[Finding]:
    lost = {key: float(each.share(NONE) + each.share(DIVERGED)) for key, each in atlas.maps.items()}
    key = max(lost, key=lambda k: lost[k])
    if lost[key] < TELLING:
        return []
    text = f"Most often lost: **{OPTIMIZERS[key].title}**; {percent(lost[key])} of its starts reach nothing."
    return [Finding("fates.lost", {"method": key, "share": lost[key]}, text)]


def share_rows(atlas: Atlas, most: int) -> list[dict[str, Any]]:
    """The share of starts that each attractor takes under each method: the `most` often reached, then the lost."""
    attractors, maps = atlas.attractors, atlas.maps
    # What is left of a coordinate that is 0 is rounding.
    at = np.round(attractors.x, 9) + 0.0
    rows: list[dict[str, Any]] = [
        {
            "": str(rank + 1),
            "kind": str(attractors.kind[i]),
            "at": f"({at[i, 0]:.4g}, {at[i, 1]:.4g})",
            # A value within rounding of 0 is 0.
            "value": float(np.round(attractors.value[i], 12)) + 0.0,
            **{OPTIMIZERS[key].title: percent(float(each.fractions[i])) for key, each in maps.items()},
        }
        for rank, i in enumerate(order(maps)[:most])
    ]
    for fate, name in ((NONE, "nowhere yet"), (DIVERGED, "ran away")):
        shares = {OPTIMIZERS[key].title: float(each.share(fate)) for key, each in maps.items()}
        if any(shares.values()):
            row = {"": "", "kind": name, "at": "-", "value": np.nan}
            rows.append({**row, **{title: percent(share) for title, share in shares.items()}})
    return rows


def percent(share: float) -> str:
    """A share for people; a dash where there is none."""
    return "-" if share == 0 else f"{100 * share:.3g} %"


def sweep_findings(swept: Swept) -> list[Finding]:
    """The best pair, how many pairs diverge and arrive, and how well theory tells them apart."""
    return [_lowest(swept), _ends(swept), *_told_apart(swept)]


def _lowest(swept: Swept) -> Finding:
    row, column = swept.best
    (x, y), (one, two) = swept.sweep.values, swept.sweep.names
    arrived, height = int(swept.sweep.steps[row, column]), float(swept.height[row, column])
    tail = f", there in {arrived} steps" if arrived >= 0 else f" after {swept.steps} steps"
    text = (
        f"Lowest: {one} **{x[column]:.4g}** with {two} **{y[row]:.4g}**, {height:.3g} above the "
        f"{'minimum' if swept.exact else 'lowest value found'}{tail}."
    )
    numbers = {
        "pair": {one: x[column].item(), two: y[row].item()},
        "height": height,
        "exact": swept.exact,
        "arrived": arrived >= 0,
        "steps": arrived if arrived >= 0 else swept.steps,
    }
    return Finding("sweep.lowest", numbers, text)


def _ends(swept: Swept) -> Finding:
    gone, arrived = float(np.isnan(swept.sweep.value).mean()), float((swept.sweep.steps >= 0).mean())
    text = f"{100 * gone:.3g} % of the pairs diverge, {100 * arrived:.3g} % arrive."
    return Finding("sweep.ends", {"diverged": gone, "arrived": arrived}, text)


def _told_apart(swept: Swept) -> list[Finding]:
    if swept.factor is None:
        return []
    gone, stable = np.isnan(swept.sweep.value), swept.factor < 1
    agree = float(((stable & ~gone) | (~stable & gone)).mean())
    text = (
        "Theory, from the curvature at the minimum below this start, tells diverging pairs from others for "
        f"**{100 * agree:.3g} %** of them; near the line and far from the minimum it need not."
    )
    return [Finding("sweep.theory", {"agree": agree}, text)]

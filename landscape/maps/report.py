"""Report: what fate maps and sweeps say, in words and as a table."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from landscape.finding import Finding
from landscape.knob import Knob
from landscape.maps.atlas import Atlas, order
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.maps.swept import Swept
from landscape.numbers import counted, percent, portion
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import KINDS

# A share of the starts that is worth a sentence.
TELLING = 1e-3
# Methods that bring this share as many starts to a minimum as the best of them are compared for their speed.
ALIKE = 0.95
# A map of at least so many starts a side, of which so many neighbours part, is speckled: fewer starts, or fewer that
# part, are told apart by the edges of basins alone.
FINE, SPECKLED = 64, 0.4
# A height that is no more than rounding, as a share of the value.
ROUNDED = 1e-15
# What the kinds of stationary points are called in a sentence.
CALLED = {"saddle": "saddle", "maximum": "hilltop", "degenerate": "flat point"}


def fate_findings(atlas: Atlas) -> list[Finding]:
    """What to notice: how many starts reach a minimum, who stops elsewhere, who is quickest, who runs away, who has not
    arrived, whose map is speckled."""
    told = [_no_value, _ends_elsewhere, _quickest, _lost, _not_yet, _speckled]
    return [_reached(atlas), *(finding for each in told for finding in each(atlas))]


def _reached(atlas: Atlas) -> Finding:
    minima = atlas.attractors.kind == KINDS[0]
    shares = {key: float(each.fractions[minima].sum()) for key, each in atlas.maps.items()}
    told = [f"{OPTIMIZERS[key].title} **{portion(share)}**" for key, share in shares.items()]
    return Finding("fates.minimum", {"shares": shares}, f"Starts that end at a minimum: {', '.join(told)}.")


def _ends_elsewhere(atlas: Atlas) -> list[Finding]:
    kinds, found = atlas.attractors.kind, []
    for key, each in atlas.maps.items():
        others = {kind: float(each.fractions[kinds == kind].sum()) for kind in KINDS[1:]}
        shares = {kind: share for kind, share in others.items() if share >= TELLING}
        if shares:
            caught = ", ".join(f"**{percent(share)}** at a {CALLED[kind]}" for kind, share in shares.items())
            also = " also" if each.fractions[kinds == KINDS[0]].any() else ""
            text = f"{OPTIMIZERS[key].title}{also} stops where there is no minimum: {caught}."
            found.append(Finding("fates.no_minimum", {"method": key, "shares": shares}, text))
    return found


def _quickest(atlas: Atlas) -> list[Finding]:
    """Of the methods that bring the most starts to a minimum, or nearly, the one whose half was there first."""
    minima = atlas.attractors.kind == KINDS[0]
    arrived = {key: float(each.fractions[minima].sum()) for key, each in atlas.maps.items()}
    most = max(arrived.values())
    half = {key: _half_there(atlas.maps[key], minima) for key in arrived if arrived[key] >= ALIKE * most}
    first = min(half.values())
    if len(atlas.maps) < 2 or not np.isfinite(first):
        return []
    tied = [key for key in half if half[key] == first]
    are, whose = ("is", "its") if len(tied) == 1 else ("are", "their")
    quick = "equally quick" if len(tied) == len(atlas.maps) else "quickest"
    within = counted(int(first), "step")
    text = f"{_who(tied, atlas)} {are} {quick}: half of {whose} starts are at a minimum within {within}."
    numbers = {"method": tied[0], "alike": tuple(tied), "steps": first, "share": arrived[tied[0]]}
    return [Finding("fates.quickest", numbers, text)]


def _who(tied: list[str], atlas: Atlas) -> str:
    """Those methods of a map of whom the same is said."""
    if len(tied) == len(atlas.maps) > 1:
        return "Both methods" if len(tied) == 2 else "All methods"
    if len(tied) > 2:
        return "Several methods"
    return " and ".join(f"**{OPTIMIZERS[key].title}**" for key in tied)


def _half_there(fates: Fates, minima: np.ndarray) -> float:
    """The step by which half of all starts have reached a minimum; infinite where they do not."""
    there = np.isin(fates.attractor, np.flatnonzero(minima))
    arrivals = np.sort(np.where(there, fates.steps, np.inf), axis=None)
    return float(arrivals[(arrivals.size - 1) // 2])


def _no_value(atlas: Atlas) -> list[Finding]:
    """Where nobody can begin."""
    share = atlas.valueless
    if not share:
        return []
    text = f"At {percent(share)} of the starts f has no value, so no method can begin there."
    return [Finding("fates.no_value", {"share": share}, text)]


def _lost(atlas: Atlas) -> list[Finding]:
    """Who runs away most often."""
    lost = {key: atlas.share(key, DIVERGED) for key in atlas.maps}
    tied, share = _highest(lost)
    if share < TELLING:
        return []
    run, each = ("runs", "") if len(tied) == 1 else ("run", "each ")
    text = f"{_who(tied, atlas)} {run} away{_often(tied, atlas)}, {each}from {percent(share)} of the starts."
    return [Finding("fates.lost", {"method": tied[0], "alike": tuple(tied), "share": share}, text)]


def _highest(shares: Mapping[str, float]) -> tuple[list[str], float]:
    """The methods with the largest share, and that."""
    most = max(shares.values())
    return [key for key in shares if shares[key] == most], most


def _often(tied: list[str], atlas: Atlas) -> str:
    if len(atlas.maps) == 1:
        return ""
    return " equally often" if len(tied) == len(atlas.maps) else " most often"


def _not_yet(atlas: Atlas) -> list[Finding]:
    """Who is most often at no stationary point when the steps are over."""
    late = {key: atlas.share(key, NONE) for key in atlas.maps}
    tied, share = _highest(late)
    if share < TELLING:
        return []
    have, each = ("has", "") if len(tied) == 1 else ("have", "each ")
    text = (
        f"{_who(tied, atlas)}{_often(tied, atlas)} {have} not arrived after {counted(atlas.steps, 'step')}: {each}from "
        f"{percent(share)} of the starts."
    )
    numbers = {"method": tied[0], "alike": tuple(tied), "share": share, "steps": atlas.steps}
    return [Finding("fates.not_yet", numbers, text)]


def _speckled(atlas: Atlas) -> list[Finding]:
    """Whose neighbours part most often, where that is what one sees first."""
    parted = {key: _parted(each.attractor) for key, each in atlas.maps.items()}
    key = max(parted, key=lambda k: parted[k])
    if parted[key] < SPECKLED or len(atlas.maps[key].x) < FINE:
        return []
    text = (
        f"Under **{OPTIMIZERS[key].title}** **{percent(parted[key])}** of neighbouring starts end in different places. "
        "The speckle is real, not a fault of the picture."
    )
    return [Finding("fates.speckled", {"method": key, "share": parted[key]}, text)]


def _parted(fate: np.ndarray) -> float:
    """The share of neighbours, in rows and columns, that have different fates."""
    pairs = [fate[1:] != fate[:-1], fate[:, 1:] != fate[:, :-1]]
    return float(np.concatenate([pair.ravel() for pair in pairs]).mean())


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
            **{OPTIMIZERS[key].title: _cell(float(each.fractions[i])) for key, each in maps.items()},
        }
        for rank, i in enumerate(order(maps)[:most])
    ]
    void = atlas.valueless
    for name, shares in (
        ("elsewhere, or not there yet", {OPTIMIZERS[key].title: atlas.share(key, NONE) for key in maps}),
        ("ran away", {OPTIMIZERS[key].title: atlas.share(key, DIVERGED) for key in maps}),
        ("no value there", {OPTIMIZERS[key].title: void for key in maps}),
    ):
        if any(shares.values()):
            row = {"": "", "kind": name, "at": "-", "value": np.nan}
            rows.append({**row, **{title: _cell(share) for title, share in shares.items()}})
    return rows


def _cell(share: float) -> str:
    """A share in a table; a dash where there is none."""
    return percent(share) if share else "-"


def sweep_findings(swept: Swept) -> list[Finding]:
    """The best pair, how many pairs diverge and arrive, and how well theory tells them apart."""
    lowest = [_lowest(swept)] if np.isfinite(swept.sweep.value).any() else []
    return [*lowest, _ends(swept), *_told_apart(swept)]


def setting(knob: Knob, value: Any) -> str:
    """A value of a knob, in words where it is a switch."""
    return ("on" if value else "off") if knob.scale == "switch" else f"{float(value):.4g}"


def at_base(swept: Swept, height: float) -> bool:
    """Whether a height is none, but for rounding."""
    return height <= ROUNDED * max(1.0, abs(swept.base))


def _lowest(swept: Swept) -> Finding:
    row, column = swept.best
    (x, y), (one, two) = swept.sweep.values, swept.sweep.names
    first, second = (knob.spoken for knob in swept.knobs)
    arrived, height = int(swept.sweep.steps[row, column]), float(swept.height[row, column])
    tail = f" after {counted(arrived, 'step')}" if arrived >= 0 else f" after {counted(swept.steps, 'step')}"
    lowest = "minimum" if swept.exact else "lowest value found"
    there = f"at the {lowest}" if at_base(swept, height) else f"{height:.3g} above the {lowest}"
    one_at, two_at = (setting(knob, at) for knob, at in zip(swept.knobs, (x[column], y[row]), strict=True))
    text = f"Best is {first} **{one_at}** with {second} **{two_at}**: {there}{tail}."
    others = swept.alike - 1
    if others:
        text += f" {counted(others, 'other pair')} {'does' if others == 1 else 'do'} as well."
    numbers = {
        "pair": {one: x[column].item(), two: y[row].item()},
        "height": height,
        "others": others,
        "exact": swept.exact,
        "arrived": arrived >= 0,
        "steps": arrived if arrived >= 0 else swept.steps,
    }
    return Finding("sweep.lowest", numbers, text)


def _ends(swept: Swept) -> Finding:
    gone, arrived = float(np.isnan(swept.sweep.value).mean()), float((swept.sweep.steps >= 0).mean())
    text = f"{percent(gone)} of the pairs diverge, and {percent(arrived)} come to rest."
    return Finding("sweep.ends", {"diverged": gone, "arrived": arrived}, text)


def _told_apart(swept: Swept) -> list[Finding]:
    if swept.factor is None:
        return []
    gone, stable = np.isnan(swept.sweep.value), swept.factor < 1
    agree = float(((stable & ~gone) | (~stable & gone)).mean())
    text = (
        "From the curvature at the minimum, theory tells which pairs diverge. It is right for "
        f"**{percent(agree)}** of them; far from the minimum it need not be."
    )
    return [Finding("sweep.theory", {"agree": agree}, text)]

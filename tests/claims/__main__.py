"""Hunts for false sentences: `python -m tests.claims --minutes 10 --seed 7`; a link alone is looked at once."""

import argparse
import importlib
import sys
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from tests.claims.hunt import State, hunt, state
from tests.claims.states import VIEWS


def main() -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.claims", description=__doc__)
    reader.add_argument("--minutes", type=float, default=1.0, help="how long to hunt")
    reader.add_argument("--seed", type=int, default=None, help="a fresh one if not given")
    reader.add_argument("--view", default="", help="only views whose page/view has this in it")
    reader.add_argument("link", nargs="?", help="a link to look at instead, as /descent?surface=ackley")
    asked = reader.parse_args()
    for file in sorted(Path(__file__).parent.glob("check_*.py")):
        importlib.import_module(f"tests.claims.{file.stem}")
    warnings.simplefilter("error")
    # Of what Python throws away when it ends.
    warnings.simplefilter("ignore", ResourceWarning)
    if asked.link:
        seen = _at(asked.link)
        print(*seen.faults, sep="\n")
        return _report([seen])
    seed = int(np.random.default_rng().integers(2**31)) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    return _report(_for(seed, asked.minutes, asked.view))


def _at(link: str) -> State:
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = parts.path.strip("/")
    views = [view for name, view in VIEWS if name == page]
    view = query.pop("view", views[0]) if len(views) > 1 else views[0]
    return state(page, view, np.random.default_rng(0), query)


def _for(seed: int, minutes: float, wanted: str) -> list[State]:
    begun, seen = perf_counter(), []
    spent: dict[str, float] = defaultdict(float)
    last = process_time()
    for found in hunt(seed, wanted):
        seen.append(found)
        spent[f"{found.page}/{found.view}"] += process_time() - last
        last = process_time()
        for fault in found.faults:
            print(f"{found.url}\n    {fault}", flush=True)
        if perf_counter() - begun > 60 * minutes:
            break
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        count = sum(f"{each.page}/{each.view}" == name for each in seen)
        print(f"{name:30} {count:5} states, {1000 * seconds / count:6.0f} ms of CPU each")
    return seen


def _report(seen: list[State]) -> int:
    kinds = Counter(kind for each in seen for kind in each.kinds)
    faults = Counter(fault.split(":")[0] for each in seen for fault in each.faults)
    refused = sum(each.refused for each in seen)
    print(
        f"{len(seen)} states, {refused} refused, {kinds.total()} findings, {len(kinds)} kinds, {faults.total()} faults"
    )
    for kind, count in faults.most_common():
        print(f"  {count:4} {kind}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

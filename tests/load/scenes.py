"""What a class does to a server. Each scene gives its figures by name."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from random import Random

from landscape.landscapes import LANDSCAPES
from landscape.optimizers import OPTIMIZERS
from tests.claims.states import VIEWS
from tests.load.viewer import Server, Viewer, upload, visit

Figures = dict[str, float]
Scene = Callable[[str, Server, int], Awaitable[Figures]]

# What everybody is to open at once: a map that takes seconds, of a landscape that nothing else here opens.
COLD = "basins?surface=tanh_chain"
# A training that is long enough to be left.
LONG = "backpropagation?view=spectrum&hidden=12,12&steps=2000"
# What takes one viewer many seconds: as many methods as a link has room for, at full length, with noise.
HEAVY = "?steps=2000&noise=1&methods=" + ",".join(list(OPTIMIZERS)[:28])
SLIDER = "Steps"
MB, TAKEN, REFUSED = 2**20, 204, 413
GAVE_UP = "views given up"
BETWEEN = "CPU before an answer, most s"


async def arrive(url: str, server: Server, viewers: int) -> Figures:
    """Viewers arrive within 10 s on the default page, and each then moves a slider every 10 s for two minutes."""
    rng, opened, moved = Random(0), [], []

    async def come(place: int) -> None:
        await asyncio.sleep(10 * place / viewers)
        async with Viewer(url) as viewer:
            opened.append(await viewer.open())
            slider = viewer.sliders[SLIDER]
            for _ in range(12):
                await asyncio.sleep(rng.uniform(8, 12))
                moved.append(await viewer.move(SLIDER, rng.randrange(int(slider.min), int(slider.max))))

    began = server.seconds
    await asyncio.gather(*map(come, range(viewers)))
    return {
        "opened, slowest s": max(opened),
        "moved, median s": statistics.median(moved),
        "moved, 95 of 100 within s": statistics.quantiles(moved, n=20)[-1] if len(moved) > 1 else moved[0],
        "server's CPU a script, ms": 1000 * (server.seconds - began) / (len(opened) + len(moved)),
    }


async def maps(url: str, server: Server, viewers: int) -> Figures:
    """Each opens the basins of another landscape at once, 20 of them at most."""

    async def come(key: str) -> float:
        async with Viewer(url, f"basins?surface={key}") as viewer:
            return await viewer.open()

    taken = await asyncio.gather(*map(come, list(LANDSCAPES)[: min(viewers, 20)]))
    return {"first s": min(taken), "all s": max(taken)}


async def together(url: str, server: Server, viewers: int) -> Figures:
    """All open one cold link at once: the work is done once."""

    async def come() -> float:
        async with Viewer(url, COLD) as viewer:
            return await viewer.open()

    began = server.seconds
    taken = await asyncio.gather(*(come() for _ in range(viewers)))
    return {"all s": max(taken), "server's CPU s": server.seconds - began}


async def leave(url: str, server: Server, viewers: int) -> Figures:
    """One begins a long training and leaves: what the server still does a second later, in the second after that."""
    async with Viewer(url, LONG) as viewer:
        await viewer.ask()
        await asyncio.sleep(2)
        before = server.seconds
        await asyncio.sleep(1)
        busy = server.seconds - before
    await asyncio.sleep(1.5)
    before = server.seconds
    await asyncio.sleep(1)
    return {"at work, CPU a s": busy, "left, CPU a s": server.seconds - before}


async def heavy(url: str, server: Server, viewers: int) -> Figures:
    """One asks for seconds of work: what the server does between a question of somebody else and its answer."""
    between = []

    def ask() -> float:
        before = server.seconds
        server.health()
        return server.seconds - before

    async with Viewer(url, HEAVY) as viewer:
        working = asyncio.create_task(viewer.open())
        while not working.done():
            await asyncio.sleep(0.05)
            # On a thread from begin to end: reading what the heavy viewer is sent takes this loop some time.
            between.append(await asyncio.to_thread(ask))
        await working
    # The system counts in hundredths.
    return {"questions": len(between), BETWEEN: max(between)}


async def wander(url: str, server: Server, viewers: int) -> Figures:
    """Random views in a row, each by somebody new: 320 where there are 50 viewers."""
    rng, worst, late = Random(0), 0.0, 0
    for _ in range(32 * viewers // 5):
        page, view = rng.choice(sorted(VIEWS))
        async with Viewer(url, f"{page}?view={view}") as viewer:
            try:
                await viewer.open()
            except TimeoutError:
                print(f"  gave up on {page}?view={view}", flush=True)
                late += 1
        worst = max(worst, server.memory)
    return {"memory, most MB": worst, GAVE_UP: late}


async def idle(url: str, server: Server, viewers: int) -> Figures:
    """Three times as many open the default page and do nothing."""
    before, open_now = server.memory, [Viewer(url) for _ in range(3 * viewers)]
    try:
        for viewer in open_now:
            await viewer.__aenter__()
            await viewer.open()
        return {"memory, MB a session": (server.memory - before) / len(open_now), "memory, MB": server.memory}
    finally:
        for viewer in open_now:
            await viewer.__aexit__()


async def uploads(url: str, server: Server, viewers: int) -> Figures:
    """Four send files past the page: one of 50 MB each, and then 20 as large as a server takes."""
    answers = []

    async def send() -> None:
        cookies, _ = visit(url)
        async with Viewer(url, "slope", headers={"Cookie": cookies}) as viewer:
            await viewer.open()
            for size in (50 * MB, *[MB - 1000] * 20):
                try:
                    answers.append(await asyncio.to_thread(upload, url, viewer.session, bytes(size), cookies))
                except OSError:
                    # It does not hear out who has too much to say.
                    answers.append(REFUSED)

    await asyncio.gather(*(send() for _ in range(4)))
    return {"files taken": sum(answer == TAKEN for answer in answers), "memory, MB": server.memory}


async def rest(url: str, server: Server, viewers: int) -> Figures:
    """All have left."""
    await asyncio.sleep(120)
    return {"memory, MB": server.memory}


SCENES: dict[str, Scene] = {
    each.__name__: each for each in (arrive, maps, together, leave, heavy, wander, idle, uploads, rest)
}

# What must hold on two cores with 50 viewers, by the figure's name: in one scene, and in all.
MEMORY, HEALTH = "memory, at most MB", "health, slowest s"
LIMITS: dict[str, Figures] = {
    "arrive": {
        "opened, slowest s": 12,
        "moved, median s": 0.5,
        "moved, 95 of 100 within s": 2,
        "server's CPU a script, ms": 80,
    },
    "maps": {"first s": 10, "all s": 40},
    "heavy": {BETWEEN: 0.1},
    "wander": {GAVE_UP: 0},
    "idle": {"memory, MB a session": 1.5},
    "uploads": {MEMORY: 450},
    "rest": {"memory, MB": 350},
}
ALWAYS: Figures = {MEMORY: 600, HEALTH: 0.5}

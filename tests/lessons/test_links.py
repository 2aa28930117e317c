"""What is linked in a slide is what changes: a cell is moved, and just its links move, by just its products."""

import numpy as np
import pytest

from landscape.datasets import IMAGES
from landscape.lessons.links import links
from landscape.lessons.slides import POOL, convolved

RNG = np.random.default_rng(0)
IMAGE, KERNEL = RNG.uniform(0.1, 1, (8, 8)), RNG.standard_normal((3, 3))


def sums(slide, ground, stencil):
    """The result by its definition."""
    out = np.zeros(slide.out.shape)
    for r, s in slide.frames:
        out[r, s] = (ground[np.ix_(*slide.reads(r, s))] * stencil).sum()
    return out


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2), (1, 2)])
@pytest.mark.parametrize("way", ["forward", "to_kernel", "to_image"])
def test_moving_a_cell_moves_its_links_and_nothing_else(stride, padding, way):
    slide = getattr(convolved(IMAGE, KERNEL, stride, padding, "average"), way)
    # No cell is 0, so that every link can be seen.
    slide = slide._replace(ground=slide.ground + (slide.ground == 0))
    found, before = links(slide), sums(slide, slide.ground, slide.stencil)
    for place, grid in enumerate((slide.ground, slide.stencil)):
        for cell, link in zip(np.ndindex(grid.shape), found[place], strict=True):
            moved = [slide.ground.copy(), slide.stencil.copy()]
            moved[place][cell] = 0
            change = before - sums(slide, *moved)
            if slide.stencil.all():
                changed = np.argwhere(np.abs(change) > 1e-13).tolist()
                assert set(link.out) == {(r, s) for r, s in changed}
            np.testing.assert_allclose(sum(w * x for w, x in link.products), change.sum(), atol=1e-12)
            assert link[place] == [cell]
            assert link.frame == max((r * slide.out.shape[1] + s for r, s in link.out), default=slide.out.size - 1)
    for cell, link in zip(np.ndindex(slide.out.shape), found.out, strict=True):
        np.testing.assert_allclose(sum(w * x for w, x in link.products), before[cell], atol=1e-12)
        assert len(link.products) == slide.stencil.size == len(link.stencil)
        assert slide.frames[link.frame] == cell
        assert {(int(r), int(s)) for r in slide.reads(*cell)[0] for s in slide.reads(*cell)[1]} == set(link.ground)


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_a_pool_links_what_is_in_one_window(pooling):
    # 7 x 7 answers: the last row and the last column are in no window.
    routed = convolved(IMAGES["digits"].samples.inputs[5, 0], RNG.standard_normal((2, 2)), 1, 0, pooling).to_answers
    found = links(routed)
    for cell, link in zip(np.ndindex(routed.out.shape), found.out, strict=True):
        if max(cell) == 6:
            assert not link.products
            assert routed.out[cell] == 0
            continue
        share, arriving = link.products[0]
        assert share * arriving == pytest.approx(routed.out[cell])
        assert routed.stencil[cell[0] // POOL, cell[1] // POOL] == arriving
        assert cell in link.ground
        assert len(link.ground) == 4
    for cell, link in zip(np.ndindex(routed.stencil.shape), found.stencil, strict=True):
        total = sum(share * arriving for share, arriving in link.products)
        assert total == pytest.approx(routed.stencil[cell])
        assert sum(routed.out[each] for each in link.out) == pytest.approx(total)

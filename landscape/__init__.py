"""Test surfaces, small networks and the optimizers that run on them, with exact gradients and Hessians, in numpy."""

import numpy as np

# The C library on Linux returns freed memory to the system and fetches it back page by page, which costs more than the
# arithmetic on arrays of a few thousand points (eight times, for a gradient), until it has seen an array this large
# freed. This one is never written to, so it takes no memory.
np.empty(1_000_000)

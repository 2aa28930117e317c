"""Theory: what to expect near a point before a run, and what a run then shows."""

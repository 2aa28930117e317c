"""Maps of outcomes: where every start ends up, and what two knobs make of one start."""

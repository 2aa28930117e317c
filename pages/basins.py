"""Basins: where each start ends up."""

from landscape.dashboard.address import Address
from landscape.dashboard.page import begin

begin("Where does each start end up?")
Address("basins").close()

"""The moment in which a turn's events can be seen by queries and its persons cannot be read yet."""

import threading

_PATIENCE = 15.0  # seconds; a turn that takes longer is in trouble, and old data are better than none


class Flight:
    """Between the first insert into the event store and the commit of the state database a turn is in flight.

    Whoever saw an event in a query expects its person, groups and warnings to be there: readers of the state database
    wait for the turn that is in flight when they ask. Turns that begin later are not waited for.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._flying = False

    def take_off(self) -> None:
        """The turn's rows are about to be inserted."""
        with self._changed:
            self._number += 1
            self._flying = True

    def land(self) -> None:
        """The turn is committed or given up."""
        with self._changed:
            self._flying = False
            self._changed.notify_all()

    def wait(self) -> None:
        """Return when what queries can see now is committed."""
        with self._changed:
            number = self._number
            self._changed.wait_for(lambda: not self._flying or self._number != number, _PATIENCE)

"""Progress on standard error, with the time left."""

import sys
import time

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Counts steps of about equal cost. Prints at most one line every few seconds."""

    def __init__(self, what: str, steps: int):
        self._what = what
        self._steps = max(steps, 1)
        self._started = time.monotonic()
        self._printed = self._started

    def at(self, done: int, now: str = "") -> None:
        """`done` steps are over; `now` says what follows."""
        moment = time.monotonic()
        if moment - self._printed < SECONDS_BETWEEN_LINES:
            return
        self._printed = moment
        spent = moment - self._started
        left = f"about {words(spent * (self._steps - done) / done)} left" if done > 0 else "time left not known yet"
        print(f"{self._what}: {done} of {self._steps}, {left}{', now ' + now if now else ''}", file=sys.stderr, flush=True)


def words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

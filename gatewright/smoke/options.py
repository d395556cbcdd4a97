"""How a run is made."""

from typing import NamedTuple


class Options(NamedTuple):
    """``concurrency`` counts requests in flight; times are in seconds.

    ``deadline`` is how long one call may be repeated while a fresh deployment or a
    transient fault explains its failure; 0 never repeats. ``timeout`` is for one request
    to a gateway without declared retries.
    """

    concurrency: int = 20
    deadline: float = 60.0
    timeout: float = 30.0

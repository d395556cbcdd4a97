"""What a run may do beyond plain calls."""

from typing import NamedTuple


class Scope(NamedTuple):
    """Which checks are compiled that cost something else than a few tokens.

    ``is_local``: on the local Cloudflare time can be moved and providers can be made to
    fail. ``rate_limits``: use up rate limits. ``deep``: look into the logs API. ``slow``:
    wait until cached answers have expired.
    """

    is_local: bool = False
    rate_limits: bool = False
    deep: bool = False
    slow: bool = False

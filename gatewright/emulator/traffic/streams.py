"""Answers that come in pieces."""

from collections.abc import AsyncIterator, Iterable


async def pieces(events: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Events that are all there."""
    for event in events:
        yield event


async def without(stream: AsyncIterator[bytes], text: bytes) -> AsyncIterator[bytes]:
    """A stream from which the pieces that hold ``text`` are lost."""
    async for piece in stream:
        if text not in piece:
            yield piece


async def whole(stream: AsyncIterator[bytes]) -> bytes:
    """All of a stream at once."""
    return b"".join([piece async for piece in stream])

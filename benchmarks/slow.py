"""A server on loopback that answers each call after a while, and all but one as well on demand.

Prints its port. `GET /break` makes calls to the last of a hundred models fail, `GET /mend`
mends that.
"""

import asyncio
import json

#: Seconds from a request to its answer.
LATENCY = 0.05
LAST = "model-0099"
ANSWER = json.dumps({"success": True, "result": {"response": "Hello"}, "errors": []}).encode()


class Server:
    """Keeps connections, answers after `LATENCY`; `GET /break` and `GET /mend` are for us."""

    def __init__(self) -> None:
        self._is_broken = False

    async def serve(self) -> None:
        """Serve until the process ends; the port is the first line of standard output."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=1024)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                method, path, *_ = head.split(" ", 2)
                length = head.partition("content-length:")[2].partition("\r\n")[0].strip()
                await reader.readexactly(int(length or 0))
                await asyncio.sleep(LATENCY if method == "post" else 0)
                writer.write(self._answer(path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path in {"/break", "/mend"}:
            self._is_broken = path == "/break"
        is_bad = self._is_broken and path.endswith(LAST)
        status = "500 Internal Server Error" if is_bad else "200 OK"
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncf-aig-log-id: log-1\r\n"
            f"content-length: {len(ANSWER)}\r\n\r\n"
        )
        return head.encode() + ANSWER


if __name__ == "__main__":
    asyncio.run(Server().serve())

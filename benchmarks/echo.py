"""What the local Cloudflare is beside: a bare application on the server that it uses."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def echo(request: Request) -> Response:
    """The body as it came."""
    return Response(await request.body(), media_type="application/json")


app = Starlette(routes=[Route("/{path:path}", echo, methods=["POST"])])
uvicorn.run(
    app,
    port=int(sys.argv[1]),
    http="h11",
    ws="none",
    lifespan="off",
    log_config=None,
    access_log=False,
    server_header=False,
    timeout_keep_alive=75,
)

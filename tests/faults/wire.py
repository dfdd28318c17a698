"""Raw HTTP, so that a test can send a thousand requests at one moment and cut an answer where it wants to."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

CSRF = "b" * 32
PATIENCE = 180  # seconds; a thousand requests wait for two workers
BROKEN = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str


@dataclass(frozen=True)
class Request:
    path: str
    session: str
    form: dict[str, str]

    def raw(self, port: int) -> bytes:
        body = urlencode({"csrfmiddlewaretoken": CSRF, **self.form}).encode()
        head = (
            f"POST {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: csrftoken={CSRF}; sessionid={self.session}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        return "\r\n".join([*head, "", ""]).encode() + body


async def send(port: int, request: Request) -> Answer:
    return understood((await exchange(port, request))[0])


async def exchange(port: int, request: Request) -> tuple[bytes, bytes]:
    """Head and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request.raw(port))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return head, await reader.read()
    finally:
        writer.close()


def understood(head: bytes) -> Answer:
    status = int(head.split(maxsplit=2)[1])
    return Answer(status, header(head, "location"))


def header(head: bytes, name: str) -> str:
    """Its value, or nothing."""
    lines = head.decode("latin-1").split("\r\n")
    values = (line.split(": ", 1)[1] for line in lines if line.lower().startswith(f"{name}: "))
    return next(values, "")


def send_all_at_once(port: int, requests: Iterable[Request]) -> list[Answer]:
    """Every request on a connection of its own, all of them at one moment; the answers in the same order."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def everybody() -> list[Answer]:
        return await asyncio.gather(*(send(port, request) for request in requests))

    return asyncio.run(everybody())


@dataclass
class CuttingProxy:
    """Stands between client and server. The first answer to each request is cut; asked again, it lets it through.

    Where it cuts changes in turn: before the server has answered, after one byte, in the middle of the answer.
    """

    upstream: int
    cut: int = 0
    _known: set[bytes] = field(default_factory=set)
    _places: cycle[str] = field(default_factory=lambda: cycle(("at once", "one byte", "half")))

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = await _whole_request(reader)
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        upstream_writer.write(raw)
        await upstream_writer.drain()
        if raw in self._known:
            writer.write(await upstream_reader.read())
            await writer.drain()
        else:
            self._known.add(raw)
            self.cut += 1
            await self._cut(next(self._places), upstream_reader, writer)
        upstream_writer.close()
        writer.close()

    async def _cut(self, place: str, upstream: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if place == "at once":
            return
        answer = await upstream.read()
        client.write(answer[:1] if place == "one byte" else answer[: len(answer) // 4])
        await client.drain()


async def _whole_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


@dataclass
class Stubborn:
    """Clients behind the cutting proxy who press again until they see an answer."""

    proxy: CuttingProxy
    failures: int = 0

    def send_all(self, requests: list[Request], *, clients: int) -> list[Answer]:
        return asyncio.run(self._send_all(requests, clients))

    async def _send_all(self, requests: list[Request], clients: int) -> list[Answer]:
        door = asyncio.Semaphore(clients)
        async with await asyncio.start_server(self.proxy.handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await asyncio.gather(*(self._until_answered(port, request, door) for request in requests))

    async def _until_answered(self, port: int, request: Request, door: asyncio.Semaphore) -> Answer:
        async with door:
            while True:
                try:
                    return await send(port, request)
                except BROKEN:
                    self.failures += 1

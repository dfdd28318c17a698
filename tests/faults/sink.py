"""A mail server that behaves as it is told: ``python -m tests.faults.sink PORT FOLDER``.

``behaviour.json`` in the folder is read anew at every command:

* ``script``: what becomes of the first, second, … mail, and from the start again. Each is {"answer": {command: line}},
  in place of the usual answer, or {"drop": place}, where it hangs up: at the "recipient", with half the "content" read,
  or when it has "answered" with 250; {} is as usual;
* ``slow``: seconds before each answer;
* ``hold``: {"at": mails taken, "stage": "recipient" or "content"}: from then on it says nothing until it is told
  otherwise.

``taken.log`` names the notice of each mail that it has taken over; ``held`` is there as soon as somebody is held.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import count
from pathlib import Path
from typing import Any

GREETING = "220 sink"
USUAL = {"EHLO": "250-sink\r\n250 8BITMIME", "DATA": "354 go on", "QUIT": "221 bye"}
HALF = 600  # bytes; our mails are longer


@dataclass
class Sink:
    folder: Path
    taken: int = 0
    asked: Any = field(default_factory=count)

    @property
    def behaviour(self) -> dict[str, Any]:
        return json.loads((self.folder / "behaviour.json").read_text() or "{}")

    def note(self, name: str, line: str) -> None:
        with (self.folder / name).open("a") as log:
            log.write(f"{line}\n")


class HangUp(Exception):  # noqa: N818 - what the server does
    pass


@dataclass
class Session:
    sink: Sink
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    told: dict[str, Any] = field(default_factory=dict)

    async def serve(self) -> None:
        try:
            await self._say("GREETING", GREETING)
            while line := (await self.reader.readline()).decode().strip():
                await self._obey(line.split(":")[0].split()[0].upper())
        except (HangUp, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    async def _obey(self, command: str) -> None:
        if command == "MAIL":
            script = self.sink.behaviour.get("script", [{}])
            self.told = script[next(self.sink.asked) % len(script)]
        if command == "RCPT":
            self._maybe_hang_up("recipient")
            await self._maybe_hold("recipient")
        await self._say(command, USUAL.get(command, "250 ok"))
        if command == "DATA":
            await self._take()
        if command == "QUIT":
            raise HangUp

    async def _take(self) -> None:
        if self._drops("content"):
            await self.reader.readexactly(HALF)
            raise HangUp
        content = await self.reader.readuntil(b"\r\n.\r\n")
        if "CONTENT" in self.told.get("answer", {}):
            await self._say("CONTENT", "")
            return
        self.sink.taken += 1
        # <notice.17.20240220100000@…>: the seventeenth
        number = message_from_bytes(content)["Message-ID"].split(".")[1]
        self.sink.note("taken.log", number)
        await self._maybe_hold("content")
        await self._say("CONTENT", "250 taken")
        self._maybe_hang_up("answered")

    async def _say(self, command: str, usual: str) -> None:
        await asyncio.sleep(self.sink.behaviour.get("slow", 0))
        line = self.told.get("answer", {}).get(command, usual)
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    def _drops(self, place: str) -> bool:
        return self.told.get("drop") == place

    def _maybe_hang_up(self, place: str) -> None:
        if self._drops(place):
            raise HangUp

    async def _maybe_hold(self, stage: str) -> None:
        hold = self.sink.behaviour.get("hold", {})
        if hold.get("stage") == stage and self.sink.taken >= hold["at"]:
            self.sink.note("held", stage)
            while "hold" in self.sink.behaviour:  # noqa: ASYNC110 - another process says when
                await asyncio.sleep(0.05)


async def main(port: int, folder: Path) -> None:
    sink = Sink(folder)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Session(sink, reader, writer).serve()

    server = await asyncio.start_server(accept, "127.0.0.1", port, limit=2**22)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))

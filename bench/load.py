"""A small closed-loop load generator: a few processes, one kept-open connection each, raw HTTP.

It must cost far less than what it measures, so a request is bytes made beforehand and an answer is only split at
its length.
"""

import multiprocessing
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECTIONS = 4
CSRF = "b" * 32


@dataclass(frozen=True)
class Figures:
    times: tuple[float, ...]  # of each answer, seconds
    elapsed: float  # seconds from the first request to the last answer
    size: int  # bytes of one body

    @property
    def per_second(self) -> float:
        return len(self.times) / self.elapsed

    @property
    def p95(self) -> float:
        """Milliseconds."""
        return sorted(self.times)[int(len(self.times) * 0.95)] * 1000

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s p95 {self.p95:6.1f} ms"


def together(parts: list[Figures]) -> Figures:
    times = tuple(each for part in parts for each in part.times)
    return Figures(times, sum(part.elapsed for part in parts), parts[-1].size)


class WrongAnswer(Exception):  # noqa: N818  (names the answer, which is the error)
    """The page did not say what the benchmark measures; the figure would mean nothing."""


def request_bytes(port: int, path: str, *, session: str = "", form: dict[str, str] | None = None) -> bytes:
    method = "GET" if form is None else "POST"
    cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
    body = b"" if form is None else urlencode({"csrfmiddlewaretoken": CSRF, **form}).encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: {cookies}",
        "Accept-Language: zh-CN",
    ]
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read_answer(connection: socket.socket) -> tuple[int, bytes, bytes]:
    """Status, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            raise ConnectionError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lowered = head.lower()
    if b"content-length:" in lowered:
        length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
    else:
        length = 0
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12]), head, body


@dataclass(frozen=True)
class Task:
    """What one connection does from ``start`` on: each request once, or again and again for some seconds."""

    port: int
    requests: list[bytes]
    expected: int
    lands: bytes  # what the head must hold besides: a redirect says by its address whether it is a success
    start: float
    seconds: float

    def is_over(self, turn: int) -> bool:
        if self.seconds:
            return time.monotonic() - self.start >= self.seconds
        return turn >= len(self.requests)


def client(task: Task, results: multiprocessing.Queue) -> None:
    connection = socket.create_connection(("127.0.0.1", task.port))
    times, size, turn = [], 0, 0
    time.sleep(max(0.0, task.start - time.monotonic()))
    while not task.is_over(turn):
        sent = time.perf_counter()
        try:
            connection.sendall(task.requests[turn % len(task.requests)])
            status, head, body = read_answer(connection)
        except ConnectionError:  # a worker closes a connection when it retires
            connection = socket.create_connection(("127.0.0.1", task.port))
            continue
        times.append(time.perf_counter() - sent)
        if status != task.expected or task.lands not in head:
            results.put((status, head + body[:300], 0.0))
            return
        size = len(body)
        turn += 1
    results.put((times, size, time.monotonic() - task.start))


def measure(
    port: int, requests: list[bytes], *, expected: int = 200, lands: str = "", seconds: float = 0
) -> Figures:
    """Share the requests out among the connections; ``seconds`` repeats them for that long, else each goes once."""
    results: multiprocessing.Queue = multiprocessing.Queue()
    start = time.monotonic() + 0.3
    shares = [requests[number::CONNECTIONS] or requests for number in range(CONNECTIONS)]
    tasks = [Task(port, share, expected, lands.encode(), start, seconds) for share in shares]
    processes = [multiprocessing.Process(target=client, args=(task, results)) for task in tasks]
    for process in processes:
        process.start()
    answers = [results.get(timeout=600) for _process in processes]
    for process in processes:
        process.join()
    for status, body, _elapsed in answers:
        if isinstance(status, int):
            raise WrongAnswer(f"{status} instead of {expected}: {body!r}")
    times = tuple(each for share, _size, _elapsed in answers for each in share)
    elapsed = max(elapsed for _share, _size, elapsed in answers)
    return Figures(times, elapsed, answers[0][1])

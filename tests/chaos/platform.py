"""The stub platform, a process of its own: tokens, columns, scores and results, answered well or by the fault plan.

`python -m tests.chaos.platform N` serves N platforms, each on a port of its own, and a control address; it prints their
ports as one line of JSON and ends when its input ends.
"""

import asyncio
import json
import os
import socket
import sys
import time
from collections import Counter
from dataclasses import replace
from urllib.parse import urlencode

from tests.chaos import faults
from tests.chaos.bucket import Bucket
from tests.chaos.calls import Call, Holdings
from tests.chaos.control import Control
from tests.chaos.gradebook import Entry
from tests.chaos.wire import Desk, Exchange, Reply, Request
from tests.witness import saw


class Platform(Holdings):
    """One platform at its own port: the desk its connections ask."""

    def __init__(self, number: int, url: str) -> None:
        super().__init__(url)
        self.number = number
        self.bucket = Bucket()
        self.journal: list[Entry] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._met: Counter[str] = Counter()
        self._refused: set[int] = set()

    def begin(self, request: Request) -> float:
        saw(request.method, f"{request.path}?{urlencode(request.query)}", request.headers, request.body)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        if self.weather.has_bucket and not self.bucket.admit(request.arrived_at):
            self._refused.add(id(request))
            return 0.0
        is_column = request.method == "POST" and request.path.endswith("/line_items")
        return self.weather.latency_seconds + (self.weather.column_seconds if is_column else 0.0)

    def answer(self, request: Request) -> Reply:
        call = Call(self, request)
        is_refused = id(request) in self._refused
        self._refused.discard(id(request))
        fault = "bucket" if is_refused else self._choose_fault(call)
        reply = call.answer(fault)
        at = time.time()
        self._write(call, fault, reply, at)
        if not self.weather.has_bucket:
            return reply
        if not is_refused:
            self.bucket.settle(at, at - request.arrived_at)
        left = "0.0" if is_refused else f"{self.bucket.remaining(at):.1f}"
        return replace(reply, headers=(*reply.headers, ("X-Rate-Limit-Remaining", left)))

    def end(self) -> None:
        self.in_flight -= 1

    def _choose_fault(self, call: Call) -> str | None:
        if self.weather.is_hanging:
            return "hanging"
        if self.weather.is_down:
            return "outage"
        # The n-th request of this kind about this person: the same in every run of a seed, whoever comes first.
        name = f"{self.number}:{call.kind}:{call.column or ''}:{call.score.get('userId', '')}"
        self._met[name] += 1
        weights = faults.OF_TOKENS if call.kind == "token" else faults.ALL
        return faults.choose_fault(self.weather.seed, self.weather.fault_share, weights, f"{name}:{self._met[name]}")

    def _write(self, call: Call, fault: str | None, reply: Reply, at: float) -> None:
        self.journal.append(
            Entry(
                arrived_at=call.request.arrived_at,
                ended_at=at,
                platform=self.number,
                kind=call.kind,
                column=call.column,
                user=call.score.get("userId"),
                score=call.score.get("scoreGiven"),
                timestamp=call.score.get("timestamp"),
                fault=fault,
                status=reply.status,
                stored=call.is_stored,
            )
        )


async def serve(count: int) -> None:
    """Serve until the input ends: whoever started this process has ended then, however that came."""
    sockets = [socket.create_server(("127.0.0.1", 0), backlog=500) for _ in range(count + 1)]
    ports = [sock.getsockname()[1] for sock in sockets]
    platforms = [Platform(number, f"http://127.0.0.1:{ports[number]}") for number in range(count)]
    desks: list[Desk] = [*platforms, Control(platforms)]
    for sock, desk in zip(sockets, desks, strict=True):
        await _listen(sock, desk)
    print(json.dumps({"control": ports[count], "platforms": [one.url for one in platforms]}), flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, lambda: None if os.read(0, 100) else ended.set())
    await ended.wait()


async def _listen(sock: socket.socket, desk: Desk) -> None:
    await asyncio.get_running_loop().create_server(lambda: Exchange(desk), sock=sock, backlog=500)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

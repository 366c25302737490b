"""Eight schools' scripts that send answers one after another: a closed loop over kept connections, with little cost.

A process of its own which knows of the site only its address: `senders.py HOST PORT SECONDS < work.json`, where the
work is a list of lanes, each a list of [method, path, key, body]. Prints JSON: seconds and status of every answer.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

READY = "READY"
END = b"\r\n\r\n"


@dataclass
class Lane:
    """One connection: sends the next request when the last one is answered."""

    address: tuple[str, int]
    work: list[list[str]]
    told: list[tuple[float, int, str]] = field(default_factory=list)
    connection: socket.socket | None = None
    buffer: bytearray = field(default_factory=bytearray)
    begun: float = 0.0
    path: str = ""
    broken: bool = False

    def connect(self) -> socket.socket:
        self.connection = socket.create_connection(self.address, timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def send(self) -> bool:
        """The next request; False when there is no work left."""
        if not self.work or self.connection is None:
            return False
        method, self.path, key, body = self.work.pop()
        data = body.encode()
        head = (
            f"{method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self.begun = time.perf_counter()
        self.connection.sendall(head.encode() + data)
        return True

    def take(self) -> bool:
        """Read what has come; True when the answer is whole."""
        assert self.connection is not None
        part = self.connection.recv(65536)
        if not part:
            raise ConnectionResetError
        self.buffer += part
        head, found, rest = self.buffer.partition(END)
        if not found:
            return False
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:")
        if len(rest) < length:
            return False
        self.told.append((time.perf_counter() - self.begun, int(head[9:12]), self.path))
        self.buffer.clear()
        return True


def work(lanes: list[Lane], seconds: float) -> float:
    """Let the lanes send until the time is over, the work is done or the site is gone; seconds that it took."""
    chosen = selectors.DefaultSelector()
    for lane in lanes:
        chosen.register(lane.connect(), selectors.EVENT_READ, lane)
    started = time.perf_counter()
    alive = [lane for lane in lanes if lane.send()]
    while alive:
        for key, _events in chosen.select(timeout=10) or [(None, None)]:
            if key is None:
                return time.perf_counter() - started
            lane: Lane = key.data
            try:
                whole = lane.take()
                go_on = whole and time.perf_counter() - started < seconds and lane.send()
            except OSError:
                whole, go_on, lane.broken = True, False, True
            if whole and not go_on:
                chosen.unregister(key.fileobj)
                alive.remove(lane)
    return time.perf_counter() - started


def main() -> None:
    host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    lanes = [Lane((host, port), each) for each in json.load(sys.stdin)]
    print(READY, flush=True)
    before = time.process_time()
    took = work(lanes, seconds)
    told: dict[str, Any] = {
        "took": took,
        "worked": time.process_time() - before,
        "told": [each for lane in lanes for each in lane.told],
        "broken": sum(lane.broken for lane in lanes),
        "left": sum(len(lane.work) for lane in lanes),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

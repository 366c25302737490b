"""The site as a person starts it: a real `profminimum serve` on a free port, ended as Ctrl-C ends it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from processes import Fresh, clean_environment, free_port, started

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Fresh:
    """A folder of its own whose demo counts as built, so that the start is not that of the demo's builder."""
    fresh = Fresh(clean_environment(tmp_path) | {"PROFMINIMUM_MODE": "demo", "PROFMINIMUM_NOW": "2023-12-02T09:00"})
    assert fresh.run("migrate").returncode == 0
    (tmp_path / "demo.json").write_text("{}", encoding="utf-8")
    return fresh


def answer(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status


def test_ctrl_c_in_a_terminal_reaches_all_its_processes_and_ends_cleanly(site: Fresh) -> None:
    """A terminal sends the signal to the whole group, not to the first process alone."""
    port = free_port()
    with started(site, "serve", "--port", str(port), "--workers", "2", group=True) as (process, _):
        assert answer(port) == 200
        os.killpg(process.pid, signal.SIGINT)
        rest = process.communicate(timeout=10)[0]
    assert process.returncode == 0, rest
    assert "Killing" not in rest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_address_answers_and_ends_cleanly(site: Fresh, number: signal.Signals) -> None:
    port = free_port()
    with started(site, "serve", "--port", str(port), "--workers", "1") as (process, printed):
        assert f"http://127.0.0.1:{port}" in printed
        assert answer(port) == 200
        idle = http.client.HTTPConnection("127.0.0.1", port)  # a browser keeps its connection open
        idle.request("GET", "/accounts/login/")
        idle.getresponse().read()
        process.send_signal(number)
        rest = process.communicate(timeout=10)[0]
        idle.close()
    assert process.returncode == 0, rest
    assert "Killing" not in rest
    assert "Остановлено" in rest
    assert "Traceback" not in rest


def test_a_second_start_has_nothing_to_prepare(site: Fresh) -> None:
    """What makes it quick: the first start prepares the static files, the second finds all done."""
    port, said = free_port(), []
    for _ in range(2):
        with started(site, "serve", "--port", str(port), "--workers", "1") as (process, printed):
            said.append("Готово к работе" in printed)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=10)
    assert said == [True, False]


def test_a_worker_that_dies_is_started_again_and_ends_with_the_site(site: Fresh) -> None:
    port = free_port()
    with started(site, "serve", "--port", str(port), "--workers", "1") as (process, _):
        first = worker_of(process.pid)
        first_pid = first.pop()
        subprocess.run(["kill", "-9", str(first_pid)], check=True)  # noqa: S607 - kill from PATH
        deadline = time.monotonic() + 10
        while not (second := worker_of(process.pid) - {first_pid}):
            assert time.monotonic() < deadline, "the worker was not started again"
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert not alive(second.pop())


def worker_of(parent: int) -> set[int]:
    """The children of the site that are workers of the journal, dead ones aside."""
    done = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(parent)],  # noqa: S607 - ps from PATH
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split(None, 2) for line in done.stdout.splitlines()]
    return {int(pid) for pid, state, args in rows if "profminimum worker" in args and not state.startswith("Z")}


def alive(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 - as above
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def test_a_taken_port_is_said_and_nothing_is_started(site: Fresh) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = site.run("serve", "--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_is_not_rebuilt_under_a_running_site(site: Fresh) -> None:
    port = free_port()
    with started(site, "serve", "--port", str(port), "--workers", "1") as (process, _):
        done = site.run("demo")
        assert done.returncode == 1
        assert "Сайт работает" in done.stderr
        assert answer(port) == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)

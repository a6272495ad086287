"""Pieces made by several processes are the pieces that one would make, and a process that dies is told."""

import json
import os
import pickle
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from generator import kitchen as module
from generator.errors import OutputError
from generator.kitchen import FEW, Kitchen
from generator.library import Library
from generator.plan import Request, plan
from generator.render.base import Job, Rendered
from generator.typesetting.phrases import Breaker
from tests.command import run, run_apart


def jobs_of(library: Library, *materials: str) -> list[Job]:
    return list(plan(library, Request("school", only=materials), Breaker(library.glossary)).jobs)


def bytes_of(made: Rendered) -> dict[str, bytes]:
    return {artifact.name: artifact.path.read_bytes() for artifact in made.artifacts}


def made_by(processes: int, root: Path, jobs: list[Job]) -> dict[str, dict[str, bytes]]:
    with Kitchen(root, processes) as kitchen:
        return {made.job.name: bytes_of(made) for made, _ in kitchen.make_all(jobs)}


def test_several_processes_make_the_bytes_that_one_makes(original: Path, library: Library) -> None:
    jobs = jobs_of(library, "hand-sign", "banner", "wechat-square")
    assert len(jobs) > FEW
    assert made_by(2, original, jobs) == made_by(1, original, jobs)


def test_a_piece_is_written_as_json_once_and_anew_when_it_changes(original: Path, library: Library) -> None:
    job = jobs_of(library, "trifold")[0]
    keyed = pickle.loads(pickle.dumps(job.keyed("k")))
    assert (keyed.key, keyed.data) == ("k", job.data)
    assert json.loads(keyed.__dict__["written"]) == job.data, "a process that gets it need not write it again"
    assert json.loads(replace(keyed, data={"甲": 1}).written) == {"甲": 1}


def test_equal_pieces_of_several_packs_are_made_once(original: Path, library: Library) -> None:
    jobs = jobs_of(library, "hand-sign")
    with Kitchen(original, 1) as kitchen:
        kitchen.keep = True
        first = {made.job.name: bytes_of(made) for made, _ in kitchen.make_all(jobs)}
        again = list(kitchen.make_all(jobs))
        assert all(seconds == 0 for _, seconds in again)
        assert {made.job.name: bytes_of(made) for made, _ in again} == first


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="ends a process as POSIX systems do")
def test_a_process_that_dies_ends_the_run_in_words_and_not_the_next_one(original: Path, library: Library) -> None:
    jobs = jobs_of(library, "hand-sign", "banner", "wechat-square")
    with Kitchen(original, 2) as kitchen:
        making = kitchen.make_all(jobs)
        next(making)
        for process in list(module._helpers(2)._processes):
            os.kill(process, signal.SIGKILL)
        with pytest.raises(OutputError) as told:
            list(making)
    [problem] = told.value.problems
    assert problem.code == "worker-ended"
    assert "--jobs 1" in problem.message
    assert len(made_by(2, original, jobs)) == len(jobs)


def test_a_run_that_ends_before_its_helpers_have_come_says_what_is_wrong_and_nothing_else(small: Path) -> None:
    ran = run_apart("--audience", "没有的", "--root", small)
    assert ran.code == 2
    assert "没有这个受众" in ran.said + ran.complained
    assert "Traceback" not in ran.said + ran.complained


def test_a_command_ends_its_helpers_before_it_ends(small: Path) -> None:
    code = """
import atexit
from generator import kitchen
atexit.register(lambda: print("LEFT", kitchen._helpers.cache_info().currsize))
"""
    ran = run_apart("check", "--audience", "学校", "--root", small, "--jobs", "2", code=code)
    assert ran.said.rstrip().endswith("LEFT 0"), ran.said
    assert "Traceback" not in ran.complained


def test_where_no_process_can_be_started_one_makes_everything(
    original: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(count: int) -> None:
        raise OSError("no semaphores")

    monkeypatch.setattr(module, "_helpers", unable)
    jobs = jobs_of(library, "hand-sign", "banner", "wechat-square")
    with Kitchen(original, 2) as kitchen:
        kitchen.call_helpers()
        made = [made for made, _ in kitchen.make_all(jobs)]
    assert len(made) == len(jobs)
    assert not any(each.failed for each in made)


def test_the_number_of_processes_is_a_number(small: Path, tmp_path: Path) -> None:
    ran = run("--audience", "school", "--root", small, "--output", tmp_path / "out", "--jobs", "0")
    assert ran.code == 2
    assert not (tmp_path / "out").exists()

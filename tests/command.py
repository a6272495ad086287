"""Runs the command as its users do, and reads what it left: tools of the tests from one end to the other."""

import hashlib
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from striprtf.striprtf import rtf_to_text

from generator import cli, kitchen

REPOSITORY = Path(__file__).resolve().parent.parent
Files = dict[str, str]
"""Every file of a folder by its path in it, with the sum of its bytes."""


@dataclass(frozen=True)
class Ran:
    """How a run ended: exit code, standard output, standard error."""

    code: int
    said: str
    complained: str = ""

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.said)
        return found

    @property
    def problems(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json["problems"]
        return found


def run(*arguments: str | Path) -> Ran:
    """``generate`` with ``arguments``, in this process."""
    out, complaints = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["generate", *map(str, arguments)]),
        patch.object(kitchen, "dismiss_helpers"),  # they stay for the next run
        redirect_stdout(out),
        redirect_stderr(complaints),
        pytest.raises(SystemExit) as ended,
    ):
        cli.main()
    return Ran(int(ended.value.code or 0), out.getvalue(), complaints.getvalue())


def run_apart(
    *arguments: str | Path, cwd: Path = REPOSITORY, code: str = "", encoding: str = "utf-8", **environment: str
) -> Ran:
    """``generate`` with ``arguments`` in a process of its own, after ``code``."""
    program = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n{code}\nfrom generator.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=cwd, env={**os.environ, **environment}, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


def sums(folder: Path) -> Files:
    """Every file in ``folder``, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def squeezed(text: str) -> str:
    """Text as it can be compared: NFKC, no white space (Typst sets gaps between Hanzi and Latin)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Pack:
    """A pack on disk and how the run that made it ended."""

    folder: Path
    ran: Ran

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return found

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest["files"]
        return found

    def of(self, **wanted: str) -> list[dict[str, Any]]:
        """The entries whose fields are as ``wanted``: ``use="print"``."""
        return [entry for entry in self.files if all(entry.get(key) == value for key, value in wanted.items())]

    def path(self, entry: Mapping[str, Any]) -> Path:
        return self.folder / str(entry["path"])

    def led_text(self) -> list[str]:
        """The slogans of the text to copy from."""
        return (self.folder / "LED" / "LED标语_复制用.txt").read_bytes().decode("utf-8-sig").split("\r\n")


def made(project: Path, audience: str, *arguments: str | Path, folder: str = "") -> Pack:
    """The pack of ``audience`` in the output folder of ``project``, with the run's report as JSON."""
    ran = run("--audience", audience, "--root", project, "--json", *arguments)
    return Pack(project / "output" / (folder or audience), ran)


def rtf_lines(path: Path) -> list[str]:
    """The paragraphs of an RTF file."""
    rtf = path.read_bytes().decode("ascii")
    return str(rtf_to_text(rtf)).split("\n")  # type: ignore[no-untyped-call]


def pdf_text(path: Path) -> str:
    """What a reader finds in a PDF, squeezed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return squeezed("".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()

"""``python -m generator.benchmark``: how long a pack takes, cold and warm, against the floor; what each piece costs.

Cold is the command in a new process. Warm is the second run in one process, into an empty folder. The floor is
the engines alone on the same pages, in one thread: Typst compiles them (once for the screen, once for print), pypdfium2
draws and Pillow writes the same pictures, python-pptx writes a deck with as many slides of the same text.

``--pieces`` makes every piece in one new process, as the command's helpers do, and tells what the slowest piece of each
material took: in the engines (Typst, pdfium, pikepdf, Pillow, fontTools, the QR reader, python-pptx), and in our own
code. The machine must do nothing else.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from generator import workers
from generator.app import Options, generate
from generator.events import PackDone
from generator.library import load
from generator.model.design import Picture
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render import engine as shared
from generator.render.base import Job
from generator.render.engine import engine
from generator.typesetting.phrases import Breaker


def main() -> None:
    """Print one JSON object: seconds (fastest of the runs), ratios, milliseconds of pieces."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--audience", default="school")
    parser.add_argument("--only", default="", help="materials, with commas: 海报,三折页")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--pieces", action="store_true")
    asked = parser.parse_args()
    gc.set_threshold(workers.GARBAGE)
    root: Path = asked.root.resolve()
    options = Options((asked.audience,), only=tuple(filter(None, asked.only.split(","))))
    cold = _fastest(lambda: _cold(root, options), asked.runs)
    _warm(root, options)
    warm = _fastest(lambda: _warm(root, options), asked.runs)
    jobs, slides = _jobs(root, options), _slides(root, options)
    floor = _fastest(lambda: _floor(root, jobs, slides), asked.runs)
    found: dict[str, Any] = {
        "audience": asked.audience,
        "pieces": len(jobs),
        "cold_s": round(cold, 3),
        "warm_s": round(warm, 3),
        "floor_s": round(floor, 3),
        "warm_to_floor": round(warm / floor, 2),
    }
    if asked.pieces:
        with ProcessPoolExecutor(1, get_context("spawn"), workers.obey) as pool:
            found["materials_ms"] = pool.submit(_pieces, root, jobs).result()
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _fastest(run: Callable[[], object], runs: int) -> float:
    return min(_timed(run) for _ in range(runs))


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _cold(root: Path, options: Options) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "generator", "--audience", options.audiences[0], "--root", str(root)]
        only = ["--only", ",".join(options.only)] if options.only else []
        subprocess.run([*command, *only, "--output", folder, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def _warm(root: Path, options: Options) -> list[PackDone]:
    with tempfile.TemporaryDirectory() as folder:
        events = list(generate(root, Path(folder), options))
    return [event for event in events if isinstance(event, PackDone)]


# ---- the floor ---------------------------------------------------------------------------------------


def _jobs(root: Path, options: Options) -> list[Job]:
    library, problems = load(root, RENDERERS)
    if library is None:
        raise SystemExit("\n".join(problem.message for problem in problems))
    request = Request(options.audiences[0], only=options.only)
    return list(plan(library, request, Breaker(library.glossary)).jobs)


def _slides(root: Path, options: Options) -> list[tuple[str, ...]]:
    """What stands on each slide of the real decks, to be written again without design."""
    from pptx import Presentation

    with tempfile.TemporaryDirectory() as folder:
        list(generate(root, Path(folder), options))
        decks = [Presentation(str(path)) for path in Path(folder).rglob("*.pptx")]
        return [tuple(_texts(slide)) for deck in decks for slide in deck.slides]


def _texts(slide: object) -> Iterator[str]:
    for shape in getattr(slide, "placeholders", ()):
        if shape.has_text_frame:
            yield shape.text_frame.text
    notes = getattr(slide, "notes_slide", None)
    if notes is not None and notes.notes_text_frame is not None:
        yield notes.notes_text_frame.text


def _floor(root: Path, jobs: list[Job], slides: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for at, job in enumerate(job for job in jobs if job.renderer == "pages"):
            _bare_pages(root, job, folder / f"{at}")
        _bare_deck(slides, folder / "deck.pptx")


def _bare_pages(root: Path, job: Job, stem: Path) -> None:
    import pypdfium2

    compiler = engine(root)
    source = str(root / "templates" / job.template / "main.typ")
    shown = b""
    for mode in ("codes", "rgb"):
        made = compiler.compile(
            input=source, format="pdf", sys_inputs={"data": job.written, "mode": mode}, pdf_tags=False
        )
        shown = made if isinstance(made, bytes) else b""
        stem.with_suffix(f".{mode}.pdf").write_bytes(shown)
    document = pypdfium2.PdfDocument(shown)
    for number, page in enumerate(document):
        picture = page.render(scale=Picture().width / page.get_width()).to_pil()
        picture.save(stem.with_suffix(f".{number}.png"), "PNG")
    document.close()


def _bare_deck(slides: list[tuple[str, ...]], path: Path) -> None:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for texts in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        for text in texts[:-1]:
            slide.shapes.add_textbox(Inches(1), Inches(1), Inches(8), Inches(1)).text_frame.text = text
        if texts:
            slide.notes_slide.notes_text_frame.text = texts[-1]
    deck.save(str(path))


# ---- pieces ------------------------------------------------------------------------------------------


class _Clock:
    """Seconds inside of engines and how many calls; a call from one into another counts with the first.

    ``each``: the seconds that timing a call takes, outside of what it times.
    """

    def __init__(self) -> None:
        # Seconds, calls, and whether one is going on: a list is quicker than attributes.
        self._told = [0.0, 0.0, 0.0]
        nothing, many = self.timed(lambda owner, given: None), 20_000
        started = time.perf_counter()
        for _ in range(many):
            nothing(self, many)
        self.each = (time.perf_counter() - started - self.seconds) / many

    @property
    def seconds(self) -> float:
        return self._told[0]

    @property
    def calls(self) -> float:
        return self._told[1]

    def reset(self) -> None:
        self._told[:] = 0.0, 0.0, 0.0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """``call``, with a clock on it. Little is done around it: what is done counts as our own time."""
        told, now = self._told, time.perf_counter

        def watched(*given: Any, **named: Any) -> Any:
            if told[2]:
                return call(*given, **named)
            told[2], started = 1.0, now()
            try:
                return call(*given, **named)
            finally:
                told[0] += now() - started
                told[1] += 1.0
                told[2] = 0.0

        return watched

    def watch(self, owner: Any, *names: str) -> None:
        for name in names:
            timed = self.timed(getattr(owner, name))
            setattr(owner, name, staticmethod(timed) if name == "__new__" else timed)


class _Timed:
    """A compiler whose calls a clock times: its class cannot be changed from outside."""

    def __init__(self, compiler: Any, clock: _Clock) -> None:
        self.compile = clock.timed(compiler.compile)
        self.compile_with_warnings = clock.timed(compiler.compile_with_warnings)
        self.query = clock.timed(compiler.query)


def _watched(root: Path) -> _Clock:
    """A clock on every engine of this process."""
    import pikepdf
    import pptx.parts.presentation
    import pypdfium2
    import zxingcpp
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph
    from PIL import Image, ImageChops, ImageFile, ImageMath

    clock = _Clock()
    compiler = engine(root)
    shared.lend(root, _Timed(compiler, clock))
    clock.watch(pypdfium2.PdfDocument, "__init__", "get_page", "close")
    clock.watch(pypdfium2.PdfPage, "render", "get_textpage", "get_size", "close")
    clock.watch(pypdfium2.PdfTextPage, "get_text_range", "close")
    clock.watch(pypdfium2.PdfBitmap, "to_pil", "close")
    clock.watch(pikepdf, "open")
    for kind in (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream):
        clock.watch(kind, "__new__")
    clock.watch(pikepdf.Pdf, "save", "close", "make_indirect", "make_stream", "get_object")
    clock.watch(pikepdf.Object, "read_bytes", "write", "get", "items", "__getitem__", "__setitem__", "__getattr__")
    clock.watch(pikepdf.Object, "__setattr__", "__contains__", "__delitem__", "keys", "update")
    clock.watch(pikepdf.Page, "as_form_xobject", "add_resource", "contents_add")
    clock.watch(pikepdf.Pdf, "add_blank_page", "copy_foreign", "new")
    clock.watch(Glyph, "getCoordinates")
    clock.watch(TTFont, "__getitem__", "getGlyphOrder", "getBestCmap")
    clock.watch(
        Image.Image, "save", "quantize", "resize", "reduce", "convert", "copy", "crop", "paste", "getcolors", "close"
    )
    clock.watch(Image.Image, "split", "getchannel", "getextrema", "tobytes")
    clock.watch(Image, "new", "merge", "frombuffer")
    clock.watch(ImageChops, "difference", "invert")
    clock.watch(ImageMath, "lambda_eval")
    clock.watch(ImageFile.ImageFile, "load")
    clock.watch(zxingcpp, "read_barcodes")
    clock.watch(pptx.parts.presentation.PresentationPart, "save")
    return clock


def _pieces(root: Path, jobs: list[Job]) -> dict[str, dict[str, float]]:
    """Of each material the piece with most of our own time: pages, engines and own, in milliseconds.

    Each piece is made five times: once to fill every cache, and then to take the best, since a machine only adds.
    """
    workers.get_ready(root)
    clock = _watched(root)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            rows = [_timed_piece(job, Path(folder), root, clock) for _ in range(5)][1:]
            row = min(rows, key=lambda row: row["own"])
            if row["own"] > found.get(job.material, {"own": -1.0})["own"]:
                found[job.material] = row
    return found


def _timed_piece(job: Job, folder: Path, root: Path, clock: _Clock) -> dict[str, float]:
    gc.collect()
    clock.reset()
    started = time.perf_counter()
    made, _ = workers.make(job, str(folder), root)
    whole = time.perf_counter() - started - clock.calls * clock.each
    counts = {file.use: file.pages or 1 for file in made.artifacts if file.format == "pdf"}
    pages = counts.get("print") or max(counts.values(), default=1)
    return {
        "pages": pages,
        "engines": round(clock.seconds * 1000, 1),
        "own": round((whole - clock.seconds) * 1000, 1),
        "own_a_page": round((whole - clock.seconds) * 1000 / pages, 1),
    }


if __name__ == "__main__":
    main()

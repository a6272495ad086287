"""``python -m generator.benchmark``: how long the school pack takes, cold and warm, against the floor.

Cold is the command in a new process. Warm is the second run in one process, into an empty folder. The floor is
the engines alone on the same pages: Typst compiles them (once for the screen, once for print), pypdfium2 draws
and Pillow writes the same pictures, python-pptx writes a deck with as many slides of the same text.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.app import Options, generate
from generator.events import PackDone
from generator.library import load
from generator.model.design import Picture
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Job
from generator.render.engine import engine
from generator.typesetting.phrases import Breaker

AUDIENCE = "school"


def main() -> None:
    """Print one JSON object: seconds (fastest of the runs) and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    root: Path = asked.root.resolve()
    cold = _fastest(lambda: _cold(root), asked.runs)
    _warm(root)
    warm = _fastest(lambda: _warm(root), asked.runs)
    jobs, slides = _jobs(root), _slides(root)
    floor = _fastest(lambda: _floor(root, jobs, slides), asked.runs)
    sys.stdout.write(
        json.dumps(
            {
                "audience": AUDIENCE,
                "pieces": len(jobs),
                "cold_s": round(cold, 3),
                "warm_s": round(warm, 3),
                "floor_s": round(floor, 3),
                "warm_to_floor": round(warm / floor, 2),
            },
            indent=2,
        )
        + "\n"
    )


def _fastest(run: Callable[[], object], runs: int) -> float:
    return min(_timed(run) for _ in range(runs))


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _cold(root: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "generator", "--audience", AUDIENCE, "--root", str(root)]
        subprocess.run([*command, "--output", folder, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def _warm(root: Path) -> list[PackDone]:
    with tempfile.TemporaryDirectory() as folder:
        events = list(generate(root, Path(folder), Options((AUDIENCE,))))
    return [event for event in events if isinstance(event, PackDone)]


# ---- the floor ---------------------------------------------------------------------------------------


def _jobs(root: Path) -> list[Job]:
    library, problems = load(root, RENDERERS)
    if library is None:
        raise SystemExit("\n".join(problem.message for problem in problems))
    return list(plan(library, Request(AUDIENCE), Breaker(library.glossary)).jobs)


def _slides(root: Path) -> list[tuple[str, ...]]:
    """What stands on each slide of the real deck, to be written again without design."""
    from pptx import Presentation

    with tempfile.TemporaryDirectory() as folder:
        list(generate(root, Path(folder), Options((AUDIENCE,), only=("deck",))))
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
    data = json.dumps(job.data, ensure_ascii=False)
    shown = b""
    for mode in ("cmyk", "rgb"):
        made = compiler.compile(input=source, format="pdf", sys_inputs={"data": data, "mode": mode}, pdf_tags=False)
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


if __name__ == "__main__":
    main()

"""Moving pictures: shots → an MP4 that every player takes, or a GIF. Pillow and PyAV are imported when needed.

A shot is a picture and how many frames it stands. Both writers give the same bytes for the same shots and the
same versions of PyAV and Pillow: the encoder has a fixed number of threads, and no file carries a date.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

INSTALL: Final = 'python -m pip install -e ".[video]"'
"""The line that adds PyAV, from the project's folder."""

FPS: Final = 25
"""Frames a second of a film unless it says otherwise: every screen's player and WeChat take it."""

SHORTEST_DELAY: Final = 2
"""GIF frames of less than 2/100 s are shown at 1/10 s by browsers and WPS."""
_LONGEST_DELAY: Final = 6

_FILMING: Final = threading.Lock()
_THREADS: Final = 2
_QUALITY: Final = "18"
_KEY_SECONDS: Final = 2

Shot = tuple["Picture", int]
"""A picture and the frames it stands, 1 or more."""


def has_video() -> str | None:
    """The version of PyAV; None where it is not installed, so that no MP4 can be made."""
    try:
        return version("av")
    except PackageNotFoundError:
        return None


# --- MP4 --------------------------------------------------------------------------------------------------


def mp4(shots: Iterable[Shot], size: tuple[int, int], fps: Fraction | int = FPS) -> bytes:
    """H.264 (High), yuv420p, BT.709, no sound, one constant rate, a key frame every two seconds.

    ``size`` is width and height in pixels; every picture must have it. ValueError when a picture has another
    size, a side is odd (yuv420p has one colour for four pixels) or there is no shot at all.
    """
    width, height = size
    if width % 2 or height % 2:
        raise ValueError(f"yuv420p wants even sides, not {width}x{height}")
    # An encoder of a full-HD film holds 200 MB: one at a time is as fast on two cores.
    with _FILMING:
        return _filmed(shots, size, fps)


def _filmed(shots: Iterable[Shot], size: tuple[int, int], fps: Fraction | int) -> bytes:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    width, height = size
    target = BytesIO()
    # bitexact: no name of the library's version in the file
    with av.open(target, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps), options=_encoder(fps))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        coder = stream.codec_context
        coder.thread_count = _THREADS
        coder.color_range, coder.colorspace = ColorRange.MPEG, Colorspace.ITU709
        coder.color_primaries = coder.color_trc = 1  # BT.709
        at = 0
        for picture, count in shots:
            if picture.size != size:
                raise ValueError(f"a picture of {picture.size[0]}x{picture.size[1]} in a film of {width}x{height}")
            whole: Any = av.VideoFrame
            frame = whole.from_image(picture.convert("RGB")).reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            # A picture that stands is converted once and sent again with the next time.
            for _ in range(count):
                frame.pts, frame.time_base = at, 1 / Fraction(fps)
                container.mux(stream.encode(frame))
                at += 1
        if not at:
            raise ValueError("a film has at least one frame")
        container.mux(stream.encode(None))
    return target.getvalue()


def _encoder(fps: Fraction | int) -> dict[str, str]:
    """Flat artwork packs well at any preset; ``veryfast`` takes a quarter of the time of the default."""
    return {
        "preset": "veryfast",
        # Few frames wait in memory, and pages that stand need no more.
        "x264-params": "rc-lookahead=5:ref=1:bframes=0",
        "crf": _QUALITY,
        "profile": "high",
        "g": str(round(fps * _KEY_SECONDS)),
    }


def dissolve(one: "Picture", other: "Picture", count: int) -> Iterator[Shot]:
    """``count`` frames, 0 or more, from one picture to the other, neither of them included."""
    from PIL import Image

    for step in range(1, count + 1):
        yield Image.blend(one, other, step / (count + 1)), 1


def seconds(shots: Sequence[Shot], fps: Fraction | int = FPS) -> float:
    """How long the shots take."""
    return float(sum(count for _, count in shots) / Fraction(fps))


# --- GIF --------------------------------------------------------------------------------------------------


def nearest_step(speed: float, most: int = 8) -> tuple[int, int]:
    """(dots a frame, 1/100 s a frame) that come nearest to ``speed`` in dots a second.

    A GIF's clock ticks in hundredths: 48 dots a second become 2 dots every 4/100 s, which is 50. Of equally near
    ones that at 4/100 s: 25 frames a second look smooth, and twice as many would double the file.
    """
    ways = [(dots, ticks) for dots in range(1, most + 1) for ticks in range(SHORTEST_DELAY, _LONGEST_DELAY + 1)]
    return min(ways, key=lambda way: (round(abs(100 * way[0] / way[1] - speed), 6), abs(way[1] - 4)))


def gif(shots: Iterable[tuple["Picture", int]]) -> bytes:
    """An endless GIF of pictures (mode "P" with one palette, or "RGB") and their hundredths of a second.

    ValueError when there is no shot.
    """
    timed = list(shots)
    if not timed:
        raise ValueError("a GIF has at least one frame")
    first, *others = (picture for picture, _ in timed)
    target = BytesIO()
    first.save(
        target, "GIF", save_all=True, append_images=others, duration=[ticks * 10 for _, ticks in timed],
        loop=0, optimize=False, disposal=1,
    )  # fmt: skip
    return target.getvalue()

"""Films and GIFs, read back frame by frame."""

import io
import subprocess
import sys
from fractions import Fraction
from typing import Any

import av
import pytest
from PIL import Image

from generator.typesetting.motion import dissolve, gif, has_video, mp4, nearest_step, seconds
from tests.command import REPOSITORY

RED, BLUE = (Image.new("RGB", (64, 48), colour) for colour in ((200, 30, 20), (20, 60, 160)))


def middle(picture: Any) -> tuple[int, int, int]:
    colour: tuple[int, int, int] = picture.convert("RGB").getpixel((32, 24))
    return colour


def test_a_film_is_h264_yuv420p_of_exactly_these_pixels_without_sound() -> None:
    film = mp4([(RED, 30), (BLUE, 20)], (64, 48))
    opened: Any
    with av.open(io.BytesIO(film), "r") as opened:
        assert [stream.type for stream in opened.streams] == ["video"]
        video = opened.streams.video[0]
        coder = video.codec_context
        assert (coder.name, coder.profile, coder.pix_fmt) == ("h264", "High", "yuv420p")
        assert (coder.width, coder.height, video.average_rate, video.frames) == (64, 48, 25, 50)
        assert video.duration * video.time_base == 2
        shown = [middle(frame.to_image()) for frame in opened.decode(video=0)]
    for at, wanted in ((0, RED), (29, RED), (30, BLUE), (49, BLUE)):
        assert max(abs(a - b) for a, b in zip(shown[at], middle(wanted), strict=True)) <= 6, at


def test_the_same_shots_give_the_same_film() -> None:
    shots = [(RED, 9), *dissolve(RED, BLUE, 5), (BLUE, 9)]
    assert mp4(shots, (64, 48), Fraction(24)) == mp4(iter(shots), (64, 48), Fraction(24))
    assert seconds(shots, 23) == 1


def test_a_film_carries_no_date_and_no_name_of_its_library() -> None:
    film = mp4([(RED, 2)], (64, 48))
    assert b"Lavf" not in film
    created = film.index(b"mvhd") + 8
    assert film[created : created + 8] == bytes(8)


@pytest.mark.parametrize("wrong", [(63, 48), (64, 47), (32, 48)])
def test_a_size_that_cannot_be_filmed_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"even sides|in a film of"):
        mp4([(RED, 1)], wrong)
    with pytest.raises(ValueError, match="at least one"):
        mp4([], (64, 48))


def test_a_dissolve_goes_from_one_picture_to_the_other_in_even_steps() -> None:
    between = [middle(picture)[0] for picture, count in dissolve(RED, BLUE, 5) if count == 1]
    assert between == [170, 140, 110, 80, 50]
    assert not list(dissolve(RED, BLUE, 0))


@pytest.mark.parametrize(
    ("speed", "way"), [(48, (2, 4)), (50, (2, 4)), (72, (3, 4)), (96, (4, 4)), (100, (4, 4)), (64, (2, 3))]
)
def test_the_gif_takes_the_speed_that_its_clock_comes_nearest_to(speed: float, way: tuple[int, int]) -> None:
    assert nearest_step(speed) == way


def test_a_gif_has_its_pictures_for_their_hundredths_of_a_second_and_begins_again() -> None:
    shots = [(RED.convert("P"), 300), (BLUE.convert("P"), 4), (RED.convert("P"), 4)]
    opened: Any = Image.open(io.BytesIO(gif(shots)))
    shown = []
    for at in range(opened.n_frames):
        opened.seek(at)
        shown.append((middle(opened), opened.info["duration"]))
    assert [ticks for _, ticks in shown] == [3000, 40, 40]
    assert shown[0][0] == shown[2][0] != shown[1][0]
    assert opened.info["loop"] == 0
    with pytest.raises(ValueError, match="at least one"):
        gif([])


def test_without_pyav_there_is_no_video_and_no_error() -> None:
    assert has_video()
    code = (
        "import sys; sys.modules['av'] = None; from generator.typesetting import motion; sys.exit('PIL' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)

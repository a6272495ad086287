"""A pack moves in whole or not at all, and what people did to it is theirs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.errors import OutputError, Span, error, warning
from generator.journal import discard
from generator.output import Delivery, Staging, Withheld
from generator.render.base import Artifact

META = {"audience": {"id": "school", "name": "学校"}, "contact": None, "date": "2026-11-22"}
POSTER = "发广告公司/海报_刷单返利_印刷.pdf"
PICTURE = "发微信/海报_刷单返利.png"
LED = "LED/LED标语_GBK.txt"
SHEET = "发广告公司/印刷清单.xlsx"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tmp_path / "out put" / "school"


def drop(staging: Staging, name: str, data: bytes, piece: str = "", **more: Any) -> None:
    """Make a file as a renderer would, and hand it over."""
    made = staging.workspace / f"{len(staging.names)}.tmp"
    made.write_bytes(data)
    fields = {"material": piece.partition("/")[0], "format": "pdf", "use": "print", "title": "海报·刷单返利"}
    staging.add(Artifact(path=made, name=name, piece=piece, **(fields | more)))


def first(staging: Staging) -> None:
    drop(staging, POSTER, b"poster 1", "poster/a", preview=PICTURE, trim_mm=(420.0, 570.0), bleed_mm=3.0)
    drop(staging, PICTURE, b"picture 1", "poster/a", format="png", use="screen", pixels=(1080, 1466))
    drop(staging, LED, b"led 1", "led/led", format="gbk", use="led", text=("不轻信", "不转账"))
    drop(staging, SHEET, b"sheet 1", "", format="xlsx", use="data", title="印刷清单")


def second(staging: Staging) -> None:
    drop(staging, POSTER, b"poster 2", "poster/a", preview=PICTURE)
    drop(staging, "发微信/新海报.png", b"another", "poster/b", format="png", use="screen")
    drop(staging, LED, b"led 2", "led/led", format="gbk", use="led")
    drop(staging, SHEET, b"sheet 2", "", format="xlsx", use="data")


def deliver(
    pack: Path,
    fill: Callable[[Staging], None] = first,
    withheld: list[Withheld] | None = None,
    scope: set[str] | None = None,
) -> Delivery:
    with Staging(pack) as staging:
        fill(staging)
        return staging.commit(META, [], withheld or [], scope)


def tree(folder: Path) -> dict[str, bytes]:
    """Everything under ``folder``, empty folders too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
    }


def paths(pack: Path) -> list[str]:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    return [entry["path"] for entry in manifest["files"]]


# ---- the manifest ------------------------------------------------------------------------------------


def test_the_manifest_describes_every_file_and_leaves_out_what_does_not_apply(pack: Path) -> None:
    with Staging(pack) as staging:
        first(staging)
        problem = warning("old-tip", "过时", Span("content/slogans.yaml", 3, 5))
        staging.commit(META | {"campaign": "开学季"}, [problem], [], None)
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    poster = manifest["files"][0]
    assert list(manifest) == ["schema", "generator", "audience", "campaign", "date", "files", "problems"]
    assert (manifest["schema"], manifest["audience"], manifest["date"]) == (1, "school", "2026-11-22")
    assert poster == {
        "path": POSTER, "material": "poster", "format": "pdf", "use": "print", "title": "海报·刷单返利",
        "bytes": 8, "sha256": poster["sha256"], "trim_mm": [420, 570], "bleed_mm": 3, "piece": "poster/a",
        "preview": PICTURE,
    }  # fmt: skip
    assert manifest["files"][2]["text"] == ["不轻信", "不转账"]
    assert manifest["problems"] == [
        {"severity": "warning", "code": "old-tip", "message": "过时",
         "file": "content/slogans.yaml", "line": 3, "column": 5}
    ]  # fmt: skip


def test_nothing_but_the_pack_is_left_in_the_output_folder(pack: Path) -> None:
    deliver(pack)
    assert [path.name for path in pack.parent.iterdir()] == ["school"]
    assert sorted(tree(pack)) == sorted([
        "LED", "manifest.json", "发广告公司", "发微信", POSTER, PICTURE, LED, SHEET,
    ])  # fmt: skip


def test_the_same_bytes_again_are_not_written_again(pack: Path) -> None:
    deliver(pack)
    before = {path: path.stat().st_mtime_ns for path in pack.rglob("*")}
    again = deliver(pack)
    assert {path: path.stat().st_mtime_ns for path in pack.rglob("*")} == before
    assert again.written == []
    assert again.unchanged == [POSTER, PICTURE, LED, SHEET]


def test_pack_files_can_be_made_from_the_manifest_before_it_is_written(pack: Path) -> None:
    with Staging(pack) as staging:
        first(staging)
        described = staging.describe(META, [], [], None)
        read = [staging.path_of(entry["path"]).read_bytes() for entry in described["files"]]
        assert not pack.exists()
        done = staging.commit(META, [], [], None)
    assert read == [b"poster 1", b"picture 1", b"led 1", b"sheet 1"]
    assert done.manifest == described


# ---- what changes from run to run --------------------------------------------------------------------


def test_pieces_that_are_no_longer_made_are_removed_with_their_empty_folders(pack: Path) -> None:
    deliver(pack)
    done = deliver(pack, lambda staging: drop(staging, LED, b"led 1", "led/led"))
    assert sorted(tree(pack)) == ["LED", LED, "manifest.json"]
    assert done.removed == [POSTER, PICTURE, SHEET]


def test_files_that_the_manifest_never_named_are_never_touched(pack: Path) -> None:
    deliver(pack)
    for name in ("发微信/我的照片.png", "LED/备忘.txt", "海报_刷单返利_印刷.pdf"):
        (pack / name).write_bytes(b"mine")
    deliver(pack, lambda staging: drop(staging, "LED/别的.txt", b"led", "led/led"))
    left = tree(pack)
    assert [left[n] for n in ("发微信/我的照片.png", "LED/备忘.txt", "海报_刷单返利_印刷.pdf")] == [b"mine"] * 3


def test_only_some_pieces_leave_the_others_in_the_manifest_and_on_disk(pack: Path) -> None:
    deliver(pack, withheld=[Withheld("poster/z", "海报·旧", (error("overflow", "放不下", piece="poster/z"),))])

    def led_alone(staging: Staging) -> None:
        drop(staging, LED, b"led 2", "led/led")
        drop(staging, SHEET, b"sheet 2", "", use="data")

    done = deliver(pack, led_alone, scope={"led/led"})
    assert paths(pack) == [POSTER, PICTURE, LED, SHEET]
    assert (pack / POSTER).read_bytes() == b"poster 1"
    assert (pack / LED).read_bytes() == b"led 2"
    assert (pack / SHEET).read_bytes() == b"sheet 2"
    assert done.removed == []
    assert done.manifest["problems"] == [
        {"severity": "error", "code": "overflow", "message": "放不下", "piece": "poster/z", "title": "海报·旧"}
    ]


def test_a_file_of_another_piece_that_its_user_threw_away_leaves_the_manifest(pack: Path) -> None:
    deliver(pack)
    (pack / PICTURE).unlink()
    deliver(pack, lambda staging: drop(staging, LED, b"led 2", "led/led"), scope={"led/led"})
    assert paths(pack) == [POSTER, LED]


def test_the_files_of_other_pieces_can_be_read_for_the_zip(pack: Path) -> None:
    deliver(pack)
    with Staging(pack) as staging:
        drop(staging, LED, b"led 2", "led/led")
        described = staging.describe(META, [], [], {"led/led"})
        assert [staging.path_of(e["path"]).read_bytes() for e in described["files"]] == [
            b"poster 1", b"picture 1", b"led 2",
        ]  # fmt: skip


def test_a_withheld_piece_leaves_its_last_version_in_the_old_folder(pack: Path) -> None:
    deliver(pack)
    (pack / "发广告公司/海报_刷单返利_印刷_定稿.pdf").write_bytes(b"mine")
    bad = Withheld("poster/a", "海报·刷单返利", (error("overflow", "标题放不下", piece="poster/a"),))

    def rest(staging: Staging) -> None:
        drop(staging, LED, b"led 2", "led/led")

    done = deliver(pack, rest, withheld=[bad])
    assert done.retired == [(POSTER, f"旧版/{POSTER}"), (PICTURE, f"旧版/{PICTURE}")]
    assert (pack / "旧版" / POSTER).read_bytes() == b"poster 1"
    assert not (pack / POSTER).exists()
    assert (pack / "发广告公司/海报_刷单返利_印刷_定稿.pdf").read_bytes() == b"mine"
    assert paths(pack) == [LED]
    assert done.manifest["problems"][0]["title"] == "海报·刷单返利"


def test_a_second_old_version_does_not_replace_the_first(pack: Path) -> None:
    bad = [Withheld("poster/a", "海报")]
    for fill in (first, second, second):
        deliver(pack, fill)
        deliver(pack, lambda staging: None, withheld=bad)
    retired = {name: data for name, data in tree(pack).items() if name.startswith("旧版/发广告公司/")}
    assert retired == {
        "旧版/发广告公司/海报_刷单返利_印刷.pdf": b"poster 1",
        "旧版/发广告公司/海报_刷单返利_印刷_2.pdf": b"poster 2",
    }


# ---- people's work -----------------------------------------------------------------------------------


def test_an_edited_file_stays_and_the_new_version_stands_beside_it(pack: Path) -> None:
    deliver(pack)
    (pack / POSTER).write_bytes(b"edited")
    done = deliver(pack, second)
    beside = "发广告公司/海报_刷单返利_印刷_新.pdf"
    assert (pack / POSTER).read_bytes() == b"edited"
    assert (pack / beside).read_bytes() == b"poster 2"
    assert done.kept_edits == [(POSTER, beside)]
    assert beside in paths(pack)
    assert POSTER not in paths(pack)
    assert "海报_刷单返利_印刷_新.pdf" in done.problems[0].message
    assert done.manifest["problems"][0]["code"] == "edited-file"


def test_the_version_beside_an_edited_file_is_kept_up_to_date_until_it_is_edited_too(pack: Path) -> None:
    deliver(pack)
    (pack / POSTER).write_bytes(b"edited")
    deliver(pack, second)
    deliver(pack, first)
    assert (pack / "发广告公司/海报_刷单返利_印刷_新.pdf").read_bytes() == b"poster 1"
    (pack / "发广告公司/海报_刷单返利_印刷_新.pdf").write_bytes(b"edited again")
    deliver(pack, second)
    left = {name: data for name, data in tree(pack).items() if name.endswith(".pdf")}
    assert left == {
        POSTER: b"edited",
        "发广告公司/海报_刷单返利_印刷_新.pdf": b"edited again",
        "发广告公司/海报_刷单返利_印刷_新2.pdf": b"poster 2",
    }


def test_the_plain_name_is_used_again_once_the_edited_file_is_gone(pack: Path) -> None:
    deliver(pack)
    (pack / POSTER).write_bytes(b"edited")
    deliver(pack, second)
    (pack / POSTER).unlink()
    done = deliver(pack, second)
    assert [name for name in tree(pack) if name.endswith(".pdf")] == [POSTER]
    assert done.removed == ["发广告公司/海报_刷单返利_印刷_新.pdf"]


def test_a_picture_beside_an_edited_one_is_the_preview(pack: Path) -> None:
    deliver(pack)
    (pack / PICTURE).write_bytes(b"edited")
    done = deliver(pack)
    assert done.manifest["files"][0]["preview"] == "发微信/海报_刷单返利_新.png"


def test_an_edited_file_of_a_piece_no_longer_made_stays(pack: Path) -> None:
    deliver(pack)
    (pack / POSTER).write_bytes(b"edited")
    done = deliver(pack, lambda staging: None)
    assert (pack / POSTER).read_bytes() == b"edited"
    assert done.kept_edits == [(POSTER, None)]
    assert [problem.code for problem in done.problems] == ["edited-file-left"]


def test_an_edited_file_of_a_withheld_piece_stays(pack: Path) -> None:
    deliver(pack)
    (pack / POSTER).write_bytes(b"edited")
    done = deliver(pack, lambda staging: None, withheld=[Withheld("poster/a", "海报")])
    assert (pack / POSTER).read_bytes() == b"edited"
    assert done.retired == [(PICTURE, f"旧版/{PICTURE}")]


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"{", b"[]", b'{"schema": 2, "files": [], "problems": []}', b'{"name": "web app"}',
        b'{"schema": 1, "files": [{"path": "../x", "sha256": "%s"}], "problems": []}' % (b"0" * 64),
        b'{"schema": 1, "files": [{"path": "LED/a.txt"}], "problems": []}',
        b'{"schema": 1, "files": [], "problems": [{"code": "x"}]}',
        b'{"schema": 1, "files": 3, "problems": []}', "{}".encode("utf-16"),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_trusted_makes_every_file_the_users(pack: Path, broken: bytes) -> None:
    deliver(pack)
    (pack / "manifest.json").write_bytes(broken)
    done = deliver(pack, second)
    left = tree(pack)
    assert (left[POSTER], left[PICTURE]) == (b"poster 1", b"picture 1")
    assert left["发广告公司/海报_刷单返利_印刷_新.pdf"] == b"poster 2"
    assert left["旧版/manifest.json"] == broken
    assert done.problems[0].code == "manifest-unreadable"
    assert done.removed == []


def test_without_a_manifest_files_of_the_same_bytes_are_taken_for_ours(pack: Path) -> None:
    deliver(pack)
    (pack / "manifest.json").unlink()
    done = deliver(pack)
    assert done.unchanged == [POSTER, PICTURE, LED, SHEET]
    assert done.kept_edits == []


def test_a_folder_in_the_place_of_a_file_is_left_alone(pack: Path) -> None:
    (pack / POSTER).mkdir(parents=True)
    done = deliver(pack)
    assert done.kept_edits == [(POSTER, "发广告公司/海报_刷单返利_印刷_新.pdf")]


# ---- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["LED/a.txt", "LED/A.TXT", "led/a.txt"])
def test_two_files_that_want_one_name_are_a_bug(pack: Path, other: str) -> None:
    with Staging(pack) as staging:
        drop(staging, "LED/a.txt", b"1")
        with pytest.raises(ValueError, match="同一个名字"):
            drop(staging, other, b"2")


def test_a_file_that_was_never_made_is_a_bug(pack: Path) -> None:
    with Staging(pack) as staging, pytest.raises(ValueError, match="没有做出这个文件"):
        staging.add(Artifact(staging.workspace / "x", "LED/a.txt", "led", "text", "text", "标语", "led/led"))


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf", "/a.pdf", "LED//a.pdf", "LED/./a.pdf", "C:/a.pdf", "LED\\a.pdf", "LED/con.pdf",
        "LED/COM1", "LED/nul .txt", "LED/a.pdf.", "LED/a ", "LED/a?.pdf", "LED/a\n.pdf", "manifest.json",
        "Manifest.JSON", "旧版/a.pdf", "", "LED/" + "长" * 90 + ".pdf", "LED/" + "a/" * 99 + "a.pdf",
    ],
)  # fmt: skip
def test_names_that_some_system_cannot_store_are_a_bug(pack: Path, name: str) -> None:
    with Staging(pack) as staging, pytest.raises(ValueError, match="文件名"):
        drop(staging, name, b"1")
    assert not pack.exists()


def test_the_longest_name_is_trusted_again_with_its_new_version_beside_it(pack: Path) -> None:
    name = f"{'a' * 60}/{'b' * 60}/{'c' * 60}/{'d' * 13}.pdf"
    assert len(name) == 200
    for edit in (b"edited", b"edited 2", None):
        done = deliver(pack, lambda staging: drop(staging, name, b"ours", "poster/a"))
        assert "manifest-unreadable" not in [problem.code for problem in done.problems]
        if edit:
            (pack / done.manifest["files"][0]["path"]).write_bytes(edit)
    assert done.manifest["files"][0]["path"].endswith("_新2.pdf")


# ---- nothing or everything ---------------------------------------------------------------------------


class Locked:
    """Makes the n-th rename of the pack fail, as an open file does on Windows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail_at: Callable[[int], bool]) -> None:
        self.calls = 0
        real = os.replace

        def replace(source: Any, target: Any) -> None:
            if not str(target).endswith("journal.json"):
                self.calls += 1
                if fail_at(self.calls):
                    raise PermissionError(13, "The process cannot access the file", str(source))
            real(source, target)

        monkeypatch.setattr(os, "replace", replace)


def changed_pack(pack: Path) -> None:
    """Three versions of things: ours, edited, a piece to remove."""
    deliver(pack)
    (pack / LED).write_bytes(b"edited")


RENAMES = 9  # of ``second`` over ``changed_pack``: 3 out, manifest out, 4 in, manifest in


@pytest.mark.parametrize("at", range(1, RENAMES + 2))
def test_whichever_file_is_locked_all_return_to_what_they_were(
    pack: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    changed_pack(pack)
    before = tree(pack.parent)
    with monkeypatch.context() as patch:
        Locked(patch, lambda call: call == at)
        with pytest.raises(OutputError) as raised:
            deliver(pack, second)
    assert tree(pack.parent) == before
    assert raised.value.exit_code == 3
    assert "请先关闭 WPS 中打开的《" in str(raised.value)
    assert "所有文件都已恢复原样" in str(raised.value)


def test_the_renames_counted_above_are_all_there_are(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed_pack(pack)
    counter = Locked(monkeypatch, lambda call: False)
    deliver(pack, second)
    assert counter.calls == RENAMES + 1  # and the end of the journal


def test_the_locked_file_is_named(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(pack)
    Locked(monkeypatch, lambda call: call == 1)
    with pytest.raises(OutputError, match=r"请先关闭 WPS 中打开的《海报_刷单返利_印刷\.pdf》，再运行一次"):
        deliver(pack, second)


def test_a_file_where_a_folder_must_be_rolls_everything_back(pack: Path) -> None:
    deliver(pack)
    (pack / "自己打印").write_bytes(b"a note of mine")
    before = tree(pack.parent)

    def more(staging: Staging) -> None:
        second(staging)
        drop(staging, "自己打印/海报_办公.pdf", b"office", "poster/a")

    with pytest.raises(OutputError, match="“自己打印”应当是文件夹，却有一个同名的文件"):
        deliver(pack, more)
    assert tree(pack.parent) == before


def test_a_first_pack_that_fails_leaves_nothing(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack.parent.mkdir()
    with monkeypatch.context() as patch:
        Locked(patch, lambda call: call == 3)
        with pytest.raises(OutputError):
            deliver(pack)
    assert tree(pack.parent) == {}


def test_a_file_that_appears_at_the_last_moment_is_not_replaced(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(pack)
    with Staging(pack) as staging:
        second(staging)
        plan = staging._plan(META, [], [], None)
        monkeypatch.setattr(staging, "_plan", lambda *_: plan)
        (pack / "发微信/新海报.png").write_bytes(b"mine")
        before = tree(pack)
        with pytest.raises(OutputError):
            staging.commit(META, [], [], None)
    assert tree(pack) == before


def test_an_interrupted_run_puts_everything_back(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(pack)
    before = tree(pack.parent)
    real, calls = os.replace, []

    def replace(source: Any, target: Any) -> None:
        calls.append(target)
        if len(calls) == 5:
            raise KeyboardInterrupt
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            deliver(pack, second)
    assert tree(pack.parent) == before


def test_what_cannot_be_put_back_now_is_put_back_by_the_next_run(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(pack)
    before = tree(pack)
    with monkeypatch.context() as patch:
        Locked(patch, lambda call: call >= 3)
        with pytest.raises(OutputError, match="会自动恢复"):
            deliver(pack, second)
    assert tree(pack) != before
    with Staging(pack):
        assert tree(pack) == before
    assert [path.name for path in pack.parent.iterdir()] == ["school"]


def test_a_full_disk_is_called_a_full_disk(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Staging(pack) as staging:
        monkeypatch.setattr("shutil.move", full)
        with pytest.raises(OutputError, match="磁盘空间不够"):
            first(staging)


def test_a_read_only_folder_rolls_everything_back(pack: Path) -> None:
    deliver(pack)
    before = tree(pack.parent)
    (pack / "LED").chmod(0o555)
    if os.access(pack / "LED", os.W_OK):
        pytest.skip("modes do not bind this user or this system")
    try:
        with pytest.raises(OutputError, match="请确认所在的文件夹可以写入"):
            deliver(pack, second)
    finally:
        (pack / "LED").chmod(0o755)
    assert tree(pack.parent) == before


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "school").write_bytes(b"mine")
    with pytest.raises(OutputError, match="应当是文件夹"), Staging(tmp_path / "school"):
        pass
    assert tree(tmp_path) == {"school": b"mine"}


# ---- crashes and company -----------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = [sys.argv[3], sys.argv[4]]
import test_output

real, calls = os.replace, []

def replace(source, target):
    calls.append(target)
    if len(calls) == int(sys.argv[2]):
        os._exit(9)
    real(source, target)

os.replace = replace
test_output.deliver(Path(sys.argv[1]), test_output.second)
"""


def kill_at(pack: Path, rename: int) -> None:
    """Run a delivery in another process that dies, without a word, before its n-th rename."""
    here = Path(__file__).parent
    arguments = [str(pack), str(rename), str(here), str(here.parent)]
    died = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert died.returncode == 9


@pytest.mark.parametrize("rename", [2, 4, 7, 10])
def test_a_run_that_was_killed_is_undone_by_the_next(pack: Path, rename: int) -> None:
    changed_pack(pack)
    before = tree(pack)
    kill_at(pack, rename)
    with Staging(pack):
        assert tree(pack) == before
    assert [path.name for path in pack.parent.iterdir()] == ["school"]


def test_the_run_after_a_crash_delivers(pack: Path) -> None:
    deliver(pack)
    kill_at(pack, 7)
    done = deliver(pack, second)
    assert done.kept_edits == []
    assert (pack / POSTER).read_bytes() == b"poster 2"


def test_what_was_edited_after_a_crash_stays(pack: Path) -> None:
    deliver(pack)
    kill_at(pack, 9)  # the new poster stands in the pack, the manifest is still out
    assert (pack / POSTER).read_bytes() == b"poster 2"
    (pack / POSTER).write_bytes(b"edited")
    with Staging(pack):
        pass
    left = tree(pack)
    assert left[POSTER] == b"edited"
    assert left[f"旧版/{POSTER}"] == b"poster 1"
    assert left[PICTURE] == b"picture 1"


@pytest.fixture
def holder(pack: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is writing to the pack until it is killed."""
    script = (
        "import sys, time; from pathlib import Path; from generator.output import Staging\n"
        "with Staging(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", script, str(pack)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "in"
        yield process
        process.kill()


def test_a_second_run_on_the_same_pack_is_told_to_wait(pack: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(OutputError, match="另一个生成程序正在写“school”") as raised:
        deliver(pack)
    assert raised.value.exit_code == 3
    holder.kill()
    holder.wait()
    assert deliver(pack).written == [POSTER, PICTURE, LED, SHEET]
    assert [path.name for path in pack.parent.iterdir()] == ["school"]


def test_a_second_run_in_the_same_process_is_told_to_wait(pack: Path) -> None:
    with Staging(pack), pytest.raises(OutputError, match="另一个生成程序"):
        deliver(pack)
    deliver(pack)


def test_packs_of_units_inside_the_pack_of_their_audience_do_not_disturb_each_other(pack: Path) -> None:
    unit = pack / "样例学校"
    deliver(pack)
    deliver(unit)
    deliver(pack, second)
    deliver(unit, second)
    assert tree(unit).keys() == {n for n in tree(pack) if not n.startswith("样例学校")}
    assert paths(unit) == paths(pack)


def test_a_staging_folder_goes_even_when_its_files_are_read_only(tmp_path: Path) -> None:
    (tmp_path / "s" / "new").mkdir(parents=True)
    (tmp_path / "s" / "new" / "a").write_bytes(b"1")
    (tmp_path / "s" / "new" / "a").chmod(0o400)
    discard(tmp_path / "s")
    assert tree(tmp_path) == {}

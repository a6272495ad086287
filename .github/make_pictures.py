"""Makes the README's pictures from real output: python .github/make_pictures.py

Needs `generate` installed, and LibreOffice (`soffice`) for the deck.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).parent / "pictures"
GAP = 16
GROUND = "#E9EDF2"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        command = [sys.executable, "-m", "generator", "--root", str(ROOT), "--output", folder, "--quiet"]
        subprocess.run([*command, "--audience", "school,bank,station"], check=True)
        save("school", sheet(pages(output / "school", "海报_*.png"), 5, 300))
        for audience, poster in (("station", "刷单返利"), ("bank", "虚假投资理财"), ("school", "网络游戏虚假交易")):
            save(f"{audience}-poster", sheet([output / audience / "发微信" / f"海报_{poster}.png"], 1, 420))
        folded = [output / "station" / "发微信" / f"三折页_{side}.png" for side in ("正面", "反面")]
        save("trifold", sheet(folded, 2, 640))
        proofs = output / "bank" / "发广告公司" / "小样"
        kinds = ("易拉宝", "X展架", "展板", "提示卡")
        stands = [path for name in kinds for path in sorted(proofs.glob(f"{name}_*"))[:2]]
        save("stands", shelf(stands, 460))
        chat = output / "station" / "发微信"
        told = [*sorted((chat / "方图").glob("*.png")), *sorted((chat / "九宫格").glob("*.png"))[:5]]
        save("wechat", sheet(told, 4, 300))
        deck = next((output / "school" / "课件").glob("*.pptx"))
        save("deck", sheet(slides(deck, output), 3, 420))
        save("led", Image.open(next((output / "station" / "LED" / "预览").glob("strip*.png"))).convert("RGB"))


def pages(pack: Path, pattern: str) -> list[Path]:
    return sorted((pack / "发微信").glob(pattern))


def slides(deck: Path, folder: Path) -> list[Path]:
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(deck)]
    subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
    document = pypdfium2.PdfDocument(folder / f"{deck.stem}.pdf")
    chosen = []
    for at in (0, 2, 3, 4, 5, 15):
        path = folder / f"slide{at:02}.png"
        document[at].render(scale=1).to_pil().save(path)
        chosen.append(path)
    document.close()
    return chosen


def sheet(paths: list[Path], columns: int, width: int) -> Image.Image:
    art = [Image.open(path).convert("RGB") for path in paths]
    art = [one.resize((width, round(one.height * width / one.width)), Image.Resampling.LANCZOS) for one in art]
    height = max(one.height for one in art)
    rows = -(-len(art) // columns)
    size = (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP)
    whole = Image.new("RGB", size, GROUND)
    for at, one in enumerate(art):
        whole.paste(one, (GAP + at % columns * (width + GAP), GAP + at // columns * (height + GAP)))
    return whole


def shelf(paths: list[Path], height: int) -> Image.Image:
    """Pictures of all proportions in one row, equally high."""
    art = [Image.open(path).convert("RGB") for path in paths]
    art = [one.resize((round(one.width * height / one.height), height), Image.Resampling.LANCZOS) for one in art]
    whole = Image.new("RGB", (sum(one.width + GAP for one in art) + GAP, height + 2 * GAP), GROUND)
    left = GAP
    for one in art:
        whole.paste(one, (left, GAP))
        left += one.width + GAP
    return whole


def save(name: str, picture: Image.Image) -> None:
    picture.quantize(256, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

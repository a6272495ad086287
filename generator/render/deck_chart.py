"""A native chart: its part and the workbook inside it, so that whoever opens the deck can edit the numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from generator.model.primitives import Strict
from generator.typesetting.drawingml import NS_A, NS_R, Box, colour, plain, quoted, solid, stroke
from generator.typesetting.office import opened, sealed

NS_C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SHEET: Final = "数据"
_AXES: Final = (2_094_734_552, 2_094_734_553)


class Chart(Strict):
    """What an outline says of a chart: upright ``columns`` or lying ``bars``, one value for each category.

    ``name`` says what is counted; ``alt`` is the alternative text; the category at ``mark`` stands out.
    """

    kind: Literal["columns", "bars"]
    name: str
    alt: Annotated[str, Field(min_length=4)]
    categories: Annotated[list[str], Field(min_length=1, max_length=24)]
    values: list[float]
    mark: int | None = None

    @model_validator(mode="after")
    def _one_value_each(self) -> Self:
        if len(self.values) != len(self.categories):
            raise PydanticCustomError("chart", "图表的数值要和类别一样多")
        return self


def frame(number: int, chart: Chart, ph: str, place: Box, relation: str) -> str:
    """The chart on its slide, in its placeholder."""
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name={quoted(f"图表：{chart.name}")} '
        f'descr={quoted(chart.alt)}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr>'
        f"<p:nvPr><p:ph {ph}/></p:nvPr></p:nvGraphicFramePr>{place.xfrm('p:xfrm')}"
        f'<a:graphic><a:graphicData uri="{NS_C}"><c:chart xmlns:c="{NS_C}" r:id="{relation}"/></a:graphicData>'
        "</a:graphic></p:graphicFrame>"
    )


def chart_part(chart: Chart, font: str) -> bytes:
    """The chart in the theme's colours, every text in ``font``, its numbers kept beside the workbook's."""
    lying = chart.kind == "bars"
    axes = f'<c:axId val="{_AXES[0]}"/><c:axId val="{_AXES[1]}"/>'
    plot = (
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{_series(chart, font)}<c:gapWidth val="55"/>{axes}</c:barChart>'
        f"{_category_axis(lying, font)}{_value_axis(lying)}"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{NS_C}" xmlns:a="{NS_A}" xmlns:r="{NS_R}"><c:date1904 val="0"/><c:lang val="zh-CN"/>'
        f'<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{plot}</c:plotArea>'
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{_letters(font, 16)}'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _series(chart: Chart, font: str) -> str:
    last = len(chart.categories) + 1
    names = "".join(f'<c:pt idx="{at}"><c:v>{plain(name)}</c:v></c:pt>' for at, name in enumerate(chart.categories))
    values = "".join(f'<c:pt idx="{at}"><c:v>{value:g}</c:v></c:pt>' for at, value in enumerate(chart.values))
    count = f'<c:ptCount val="{len(chart.values)}"/>'
    marked = (
        f'<c:dPt><c:idx val="{chart.mark}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"<c:spPr>{solid('accent')}</c:spPr></c:dPt>"
        if chart.mark is not None
        else ""
    )
    return (
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f'<c:tx><c:strRef><c:f>{_SHEET}!$B$1</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{plain(chart.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr>{solid("ground")}</c:spPr><c:invertIfNegative val="0"/>{marked}'
        f"<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters(font, 20, 'ink', bold=True)}"
        '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>{_SHEET}!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{_SHEET}!$B$2:$B${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f"{count}{values}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _category_axis(lying: bool, font: str) -> str:
    # Lying bars are read from above: the first category is at the top.
    order = "maxMin" if lying else "minMax"
    return (
        f'<c:catAx><c:axId val="{_AXES[0]}"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"<c:spPr>{stroke('line', 1)}</c:spPr>{_letters(font, 18, 'ink')}"
        f'<c:crossAx val="{_AXES[1]}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(lying: bool) -> str:
    """Hidden, from zero: every column says its number."""
    return (
        f'<c:valAx><c:axId val="{_AXES[1]}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{"t" if lying else "l"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:crossAx val="{_AXES[0]}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _letters(font: str, size: float, paint: str = "ink", bold: bool = False) -> str:
    face = quoted(font)
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr lang="zh-CN" altLang="en-US" sz="{round(size * 100)}" '
        f'b="{int(bold)}"><a:solidFill>{colour(paint)}</a:solidFill><a:latin typeface={face}/><a:ea typeface={face}/>'
        '</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN" altLang="en-US"/></a:p></c:txPr>'
    )


def workbook(chart: Chart, font: str, day: date) -> bytes:
    """The numbers as an .xlsx, which "edit data" opens; ``day`` is the only date in it."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "default_format_properties": {"font_name": font, "font_size": 11}})
    book.set_properties({"created": datetime(day.year, day.month, day.day)})
    sheet = book.add_worksheet(_SHEET)
    for row, cells in enumerate(_rows(chart)):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.set_column(0, 0, 18)
    book.close()
    return sealed(opened(buffer.getvalue()), day)


def _rows(chart: Chart) -> Sequence[Sequence[str | float]]:
    return [("", chart.name), *zip(chart.categories, chart.values, strict=True)]


def numbers_of(part: bytes) -> Mapping[str, Any]:
    """What a chart part shows: its ``categories``, ``values`` and the faces of its texts. For reading back."""
    from lxml import etree

    root = etree.fromstring(part)
    c, a = f"{{{NS_C}}}", f"{{{NS_A}}}"

    def points(tag: str) -> list[str]:
        return [value.text or "" for value in root.findall(f".//{c}{tag}//{c}pt/{c}v")]

    faces = {each.get("typeface", "") for each in root.iter(f"{a}ea")}
    bare = [each for each in root.iter(f"{a}defRPr") if each.find(f"{a}ea") is None or each.get("lang") != "zh-CN"]
    return {"categories": points("cat"), "values": points("val"), "faces": faces, "bare": len(bare)}

"""The blank official form as a Word file, for units that write by hand or type offline: the rows of the printed form.

Pure: no database. Lengths are millimetres, as in ``surveys/print/form.typ``; the row heights come from
``surveys.printing``, so both files show one form.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from surveys import printing

TOP, RIGHT, BOTTOM, LEFT = 20, 20, 22, 24
COLUMNS = (39.0, 44.8, 28.3, 53.9)
ROW_HEIGHT, SIGNATURE_HEIGHT = 8.7, printing.SIGNATURE_HEIGHT
# Offices have these; they are named, never shipped. Where one is missing, the program takes its own.
SONG, HEI, TITLE_SONG, LATIN = "宋体", "黑体", "方正小标宋简体", "Times New Roman"
BODY_SIZE, LABEL_SIZE, TITLE_SIZE, NOTE_SIZE, FOOT_SIZE = 12, 14, 20, 10.5, 9
# The first day a ZIP file can name: the same form gives the same bytes whenever it is made.
NO_DAY = (1980, 1, 1, 0, 0, 0)


def render_docx(definition: Mapping[str, Any], *, published_at: dt.datetime) -> bytes:
    """The form without answers as .docx. Equal input gives equal bytes; no text of it is ever interpreted."""
    with translation.override("zh-hans"):
        sheet = printing.lay_out(None, definition)
        document = _empty_page(sheet.title, published_at)
        _official_page(document, sheet)
        if sheet.supplement:
            _supplement_page(document, sheet)
        _foot(document)
    return _packed(document)


# --- the page -------------------------------------------------------------------------------------------


def _empty_page(title: str, published_at: dt.datetime) -> WordDocument:
    document = Document()
    _drop_picture_of_page(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(10)
    facts = document.core_properties
    facts.title, facts.author, facts.comments, facts.language = title, "", "", "zh-CN"
    # The format knows no zones: Word reads what stands there as universal time.
    facts.created = facts.modified = published_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = document.styles["Normal"]
    _set_font(normal, SONG, BODY_SIZE)
    normal.paragraph_format.space_after = Pt(0)
    for name, font, size in (
        ("Form label", HEI, LABEL_SIZE),
        ("Form title", TITLE_SONG, TITLE_SIZE),
        ("Form note", SONG, NOTE_SIZE),
        ("Form foot", SONG, FOOT_SIZE),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_font(style, font, size)
    return document


def _drop_picture_of_page(document: WordDocument) -> None:
    """The library's template comes with a small picture of itself, which file managers would show."""
    related = document.part.package.rels
    for key in [key for key, other in related.items() if other.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del related[key]


def _set_font(style: ParagraphStyle, family: str, size: float) -> None:
    """Word chooses a font by script: the Chinese one has to be named apart."""
    style.font.name, style.font.size = LATIN, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)


def _official_page(document: WordDocument, sheet: printing.Sheet) -> None:
    _heading(document, sheet.words["attachment"], sheet.title)
    table = _table(document, COLUMNS)
    for row in sheet.rows:
        _official_row(table, row)
    _signature(table, sheet.words)
    note = document.add_paragraph(sheet.words["note"], style="Form note")
    note.paragraph_format.space_before = Mm(1.5)


def _supplement_page(document: WordDocument, sheet: printing.Sheet) -> None:
    label = _heading(document, sheet.title, sheet.words["supplement"])
    label.paragraph_format.page_break_before = True
    table = _table(document, (COLUMNS[0], sum(COLUMNS[1:])))
    for row in sheet.supplement:
        added = _add_row(table, row.height or ROW_HEIGHT)
        _label(added.cells[0], row.cells[0].label)
        _fill(added.cells[1], row.cells[0].text)


def _heading(document: WordDocument, label: str, title: str) -> Paragraph:
    first = document.add_paragraph(label, style="Form label")
    heading = document.add_paragraph(title, style="Form title")
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Mm(6), Mm(7)
    return first


def _foot(document: WordDocument) -> None:
    """第 n 页 共 N 页, counted by the program that shows it, and what the file is for."""
    footer = document.sections[0].footer
    page = footer.paragraphs[0]
    page.style = document.styles["Form foot"]
    for part in _("Page {page} of {pages}").replace("{", "\0{").replace("}", "}\0").split("\0"):
        if part in {"{page}", "{pages}"}:
            _add_field(page, "PAGE" if part == "{page}" else "NUMPAGES")
        elif part:
            page.add_run(part)
    footer.add_paragraph(printing.blank_note(), style="Form foot")


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


# --- the table ------------------------------------------------------------------------------------------


def _table(document: WordDocument, widths: Sequence[float]) -> Table:
    """No row yet; black half-point lines, and widths that stay when somebody types."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _add_row(table: Table, height: float) -> _Row:
    row = table.add_row()
    row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    no_break = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().insert(0, no_break)
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = Length(column.width or 0)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return row


def _official_row(table: Table, row: printing.Row) -> None:
    added = _add_row(table, row.height or ROW_HEIGHT)
    cells = added.cells
    _label(cells[0], row.cells[0].label)
    if row.kind in {"wide", "long"}:
        value = cells[1].merge(cells[3])
        if row.kind == "long":
            value.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        _fill(value, row.cells[0].text)
        return
    _label(cells[2], row.cells[1].label)
    if row.kind == "trio":
        below = _add_row(table, ROW_HEIGHT).cells
        cells[0].merge(below[0])
        cells[1].merge(below[1])
        _label(below[2], row.cells[2].label)


def _label(cell: _Cell, lines: Iterable[str]) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.line_spacing = 1.1
    run = paragraph.add_run()
    for number, line in enumerate(lines):
        if number:
            run.add_break()
        run.add_text(line)


def _fill(cell: _Cell, text: str) -> None:
    """Boxes to tick; everything else is left to the hand."""
    if text:
        run = cell.paragraphs[0].add_run(text)
        # A box is a sign of every script; it is to look like the words beside it.
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _signature(table: Table, words: Mapping[str, str]) -> None:
    """Room for a seal of 42 mm; nobody draws one."""
    row = _add_row(table, SIGNATURE_HEIGHT)
    box = row.cells[0].merge(row.cells[-1])
    box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    who = box.paragraphs[0]
    who.add_run(words["signature"])
    who.paragraph_format.space_before, who.paragraph_format.left_indent = Mm(4), Mm(2)
    seal = box.add_paragraph(words["seal"])
    seal.alignment, seal.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Mm(10)
    seal.paragraph_format.right_indent = Mm(28)
    day = box.add_paragraph("\u3000\u3000".join(words["date"].split()))
    day.alignment, day.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Mm(12)
    day.paragraph_format.right_indent = Mm(6)


# --- the file -------------------------------------------------------------------------------------------


def _packed(document: WordDocument) -> bytes:
    """The library stamps the hour into the archive; without it equal forms are equal files."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, NO_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return packed.getvalue()

"""The printed form as PDF: Annex 2 to the letter, with a code on every page. Nobody ever draws a seal."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import zxingcpp
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.dates import format_moment
from documents import pdfs
from surveys import printing
from surveys.codes import PageCode, digest_of, short_hash
from surveys.printing import Cell, FormPrint, Row, Sheet
from surveys.printing.hashes import page_hashes

logger = logging.getLogger(__name__)

FORM, PAGE_LIST = "surveys/print/form.typ", "surveys/print/page_list.typ"
# How much of a code can be repaired: 7, 15, 25, 30 %.
REPAIR = "LMQH"
# How much of the room is used, until the pages come out as planned; the last one has never been needed.
SQUEEZES = (1.0, 0.92, 0.84, 0.7, 0.5)
# Forms of one file that are set in one go: more take memory, fewer take room, since each part has its fonts.
AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class RenderedForm:
    """``page_hashes``: what each page says (``printing.hashes``); empty when the pages came out otherwise."""

    pdf: bytes
    pages: int
    codes: tuple[PageCode, ...]
    page_hashes: tuple[str, ...]


def render_form(form: FormPrint) -> RenderedForm:
    """Print the answers of one version. Equal input gives equal bytes; no text of it is ever interpreted."""
    pdf, pages, sheet = _set_form(form, form.definition)
    hashes = page_hashes(sheet) if pages == sheet.pages else ()
    return RenderedForm(pdf, pages, _codes(form, pages), hashes)


def render_forms(forms: Sequence[FormPrint]) -> bytes:
    """All forms as one file in their order, the fonts in it once: a fifth of the size. Raises ValueError for none."""
    if not forms:
        raise ValueError("no forms")
    with translation.override("zh-hans"):
        sheets = [printing.lay_out(form, form.definition) for form in forms]
        content = [_content(form, sheet, sheet.pages) for form, sheet in zip(forms, sheets, strict=True)]
    pdf = _press_together(sheets[0].title, content)
    if pdfs.count_pages(pdf) == sum(sheet.pages for sheet in sheets):
        return pdf
    # One of them needs more air than its plan: each finds its own.
    with translation.override("zh-hans"):
        content = [_fitted_content(form) for form in forms]
    return _press_together(sheets[0].title, content)


def render_blank(definition: Mapping[str, Any]) -> bytes:
    """The form without answers, number and codes, to prepare by hand what is then typed in."""
    return _set_form(None, definition)[0]


def _set_form(form: FormPrint | None, definition: Mapping[str, Any]) -> tuple[bytes, int, Sheet]:
    """Set until the pages are the planned ones, so that the seal box stays on page 1; a form's file and its pages."""
    # An official form is Chinese, whatever language its reader has chosen.
    with translation.override("zh-hans"):
        for squeeze in SQUEEZES:
            sheet = printing.lay_out(form, definition, squeeze)
            pdf = _press(_title(form, sheet), _content(form, sheet, sheet.pages))
            pages = pdfs.count_pages(pdf)
            if pages == sheet.pages:
                return pdf, pages, sheet
        logger.warning("form %s does not keep to its planned pages", form.reference if form else "blank")
        return _press(_title(form, sheet), _content(form, sheet, pages)), pages, sheet


def _fitted_content(form: FormPrint) -> dict[str, Any]:
    _pdf, pages, sheet = _set_form(form, form.definition)
    return _content(form, sheet, pages)


def _press(title: str, form: Mapping[str, Any]) -> bytes:
    return pdfs.set_pages(FORM, {"title": title, "forms": [form]})


def _press_together(title: str, forms: Sequence[Mapping[str, Any]]) -> bytes:
    return pdfs.set_as_one(FORM, {"title": title, "forms": forms}, series="forms", at_once=AT_ONCE)


def _title(form: FormPrint | None, sheet: Sheet) -> str:
    return f"{sheet.title} {form.reference}" if form else sheet.title


def _codes(form: FormPrint, count: int) -> tuple[PageCode, ...]:
    return tuple(
        PageCode(form.reference, form.version, page, count, digest_of(form.content_hash))
        for page in range(1, count + 1)
    )


# --- what the layout reads ----------------------------------------------------------------------------


def _content(form: FormPrint | None, sheet: Sheet, pages: int) -> dict[str, Any]:
    """One form as ``form.typ`` takes it; ``pages`` as they stand in its foot and its codes."""
    return {
        "title": sheet.title,
        "words": {**sheet.words, "date": sheet.words["date"].split()},
        "rows": _rows(sheet.rows),
        "continuation": [_rows(rows) for rows in sheet.continuation],
        "supplement": _rows(sheet.supplement),
        "page_lines": [
            _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages} for page in range(1, pages + 1)
        ],
        "rehearsal": _("Rehearsal: not an official document") if form and form.rehearsal else "",
        "codes": [code_picture(code.payload) for code in _codes(form, pages)] if form else [],
        **_foot(form, sheet),
        "upload": _upload(form.upload_link) if form and form.upload_link else None,
    }


def _foot(form: FormPrint | None, sheet: Sheet) -> dict[str, Any]:
    if not form:
        return {"key": [], "foot": [printing.blank_note()]}
    submitted = _("%(notice)s %(attachment)s submitted %(submitted)s") % {
        "notice": form.notice_number,
        "attachment": sheet.words["attachment"],
        "submitted": format_moment(form.submitted_at),
    }
    todo = _(
        "Sign, seal and date the form, then upload a photograph or scan of every page. Keep the codes at the upper"
        " right and lower left uncovered."
    )
    return {
        "key": [
            (pgettext("on paper", "Number"), form.reference),
            (_("Version"), str(form.version)),
            (pgettext("on paper", "Content"), short_hash(form.content_hash)),
        ],
        "foot": [submitted, todo],
    }


def _rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"kind": row.kind, "height": row.height, "cells": [_cell(cell) for cell in row.cells]} for row in rows
    ]


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "label": cell.label,
        "text": cell.text,
        "size": cell.size,
        "paragraphs": [
            {"text": paragraph.text, "flush": paragraph.run_on or paragraph.own_indent}
            for paragraph in cell.paragraphs
        ],
        "more": _("(continued on page %(page)s)") % {"page": cell.more_on} if cell.more_on else "",
        "continued": _("(continued)") if cell.continued else "",
    }


def _upload(link: str) -> dict[str, str]:
    """Nobody seals or folds this corner, so the code needs little repair and its squares may be larger."""
    return {"words": _("Scan to upload the sealed copy"), "code": code_picture(link, error="M")}


@lru_cache(maxsize=64)
def code_picture(payload: str, error: str = "Q") -> str:
    """One QR code as an SVG of lines one square thick: sharp at any size, and text stays text.

    Without the quiet zone of four squares that has to stay white around it.
    """
    lines = _squares(payload, error)
    path = "".join(
        f"M{start} {y}.5h{length}" for y, line in enumerate(lines) for start, length in _runs(line)
    )
    side = len(lines)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}" stroke="#000"/></svg>'


def _squares(payload: str, error: str) -> list[list[int]]:
    """The code line by line, 0 for a dark square, with as much repair as finds room in the same size.

    Not by segno, which takes ten times as long to choose among the eight masks.
    """
    drawn = [
        zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        for level in REPAIR[REPAIR.index(error) :]
    ]
    pictures = [memoryview(code.to_image(scale=1, add_quiet_zones=False)) for code in drawn]
    strongest = [picture for picture in pictures if picture.shape == pictures[0].shape][-1]
    return strongest.tolist()


def _runs(line: Sequence[int]) -> list[tuple[int, int]]:
    """Dark stretches of one line as (start, length)."""
    found: list[tuple[int, int]] = []
    for x, light in enumerate(line):
        if light:
            continue
        if found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((x, 1))
    return found


# --- the sheet behind a document of several papers ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A line of the sheet that tells from which paper a page comes; ``number`` of the form or ``place`` behind it."""

    number: int | None
    place: int | None
    version: int
    day: str
    is_carried: bool


def render_page_list(title: str, rows: Sequence[ListedPage]) -> bytes:
    """The sheet behind a document whose pages were sealed at different times."""
    with translation.override("zh-hans"):
        content = {
            "title": title,
            "heading": _("Where the pages of this sealed copy come from"),
            "columns": [_("Page"), _("Printed from"), _("Sent for review on"), _("Seal of")],
            "rows": [_listed(row) for row in rows],
            "note": _(
                "This sheet was made by the platform and is no part of the sealed copy. What counts is what stands"
                " on the pages themselves."
            ),
        }
    return pdfs.set_pages(PAGE_LIST, content)


def _listed(row: ListedPage) -> list[str]:
    page = (
        _("Page %(number)s") % {"number": row.number}
        if row.number
        else _("Own attachment %(place)s") % {"place": row.place}
    )
    standing = (
        _("carried over, what the page says has not changed")
        if row.is_carried
        else _("sealed for this version")
    )
    return [page, _("Version %(version)s") % {"version": row.version}, row.day, standing]

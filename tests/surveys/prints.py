"""Answers to print, as a unit would give them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from core.clock import ZONE
from surveys.codes import content_hash
from surveys.printing import FormPrint

EDITION = json.loads(Path("fixtures/questionnaires/annex2-2024.json").read_text(encoding="utf-8"))

ANSWERS: dict[str, Any] = {
    "community_name": "北京市顺义区天竺镇",
    "first_certified": "2020",
    "recertified": [],
    "leader_name": "负责人（示例）",
    "leader_phone": "010-64000000",
    "leader_mobile": "13800000000",
    "contact_name": "联络人（示例）",
    "contact_phone": "010-64000001转8",
    "contact_mobile": "13800000001",
    "email": "lianluo@example.org",
    "address": "北京市顺义区天竺镇人民政府（示例地址）",
    "work_now": "一、组织机构。镇党委、政府牵头成立安全社区建设促进委员会，下设办公室。",
    "plan": "2020年获得命名，计划2024年下半年完成自评和资料整理，2025年上半年提交复评申请。",
    "suggestions": "建议组织新任联络人培训。",
    "intends": "applies",
    "planned_year": 2025,
    "needs": ["training", "exchange"],
}


def form_print(
    *, reference: str = "AQ24-0420-7KHM", version: int = 1, rehearsal: bool = False, **answers: Any
) -> FormPrint:
    """One print; an answer given as None is left out."""
    given = {key: value for key, value in {**ANSWERS, **answers}.items() if value is not None}
    return FormPrint(
        definition=EDITION,
        answers=given,
        community=given.get("community_name", ""),
        reference=reference,
        version=version,
        content_hash=content_hash(given),
        notice_number="中安健协发〔2024〕12号",
        submitted_at=dt.datetime(2024, 2, 21, 10, 58, tzinfo=ZONE),
        rehearsal=rehearsal,
    )


def page_texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def squeezed(text: str) -> str:
    """Without any blank: where lines break is not what a text says."""
    return "".join(text.split())


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page_texts(pdf)))


def codes_of(pdf: bytes) -> list[list[str]]:
    """What a reader of codes sees on every page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=2.5, grayscale=True).to_pil() for page in document]
    return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]

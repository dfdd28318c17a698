"""Electronically sealed files: PDF and OFD are taken as they are, and nothing in them is judged."""

import io
import stat
import struct
import zipfile

import pikepdf
import pytest

from core.errors import Refused
from surveys import scans
from surveys.pdfs import render_form
from surveys.scans import ESealedCheck, Kind
from tests.surveys.prints import form_print
from tests.surveys.test_scans import ENCRYPTED_PDF

ODD = "OFD 文件的结构不正常。请重新导出后再上传。"


def ofd(*more: tuple[str | zipfile.ZipInfo, bytes], first: str = "OFD.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((first, b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'), *more):
            archive.writestr(name, content)
    return target.getvalue()


def signed_pdf() -> bytes:
    """A PDF with a field that holds a signature; whether it is a good one is nobody's question here."""
    with pikepdf.Pdf.open(io.BytesIO(render_form(form_print()).pdf)) as document:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Contents=pikepdf.String("not checked"), ByteRange=[0, 1, 2, 3]
        )
        field = document.make_indirect(
            pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="seal", V=document.make_indirect(signature))
        )
        document.Root.AcroForm = document.make_indirect(pikepdf.Dictionary(Fields=[field], SigFlags=3))
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        scans.inspect_esealed(data)
    (reason,) = refused.value.reasons
    return str(reason)


def test_an_ofd_is_taken_with_or_without_a_signature():
    assert scans.inspect_esealed(ofd(("Doc_0/Document.xml", b"<x/>"))) == ESealedCheck(
        Kind.OFD, is_signed=False
    )
    sealed = scans.inspect_esealed(ofd(("Doc_0/Signs/Signatures.xml", b"<x/>")))
    assert (sealed.content_type, sealed.is_signed) == ("application/ofd", True)


def test_a_pdf_is_taken_with_or_without_a_signature():
    assert scans.inspect_esealed(render_form(form_print()).pdf) == ESealedCheck(Kind.PDF, is_signed=False)
    assert scans.inspect_esealed(signed_pdf()) == ESealedCheck(Kind.PDF, is_signed=True)


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("Doc_0/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的。"),
        (b"\xff\xd8\xff" + bytes(50), "电子签章文件应为 PDF 或 OFD，此文件两者都不是。"),
        (ofd(first="word/document.xml"), "电子签章文件应为 PDF 或 OFD，此文件两者都不是。"),
        (
            ofd(("Doc_0/OFD.xml", b""), first="other/OFD.xml"),
            "电子签章文件应为 PDF 或 OFD，此文件两者都不是。",
        ),
        (ofd()[:60], "文件已损坏或不完整，请重新上传。"),
        (ENCRYPTED_PDF, "PDF 设有密码。请去掉密码后再上传。"),
        (ofd(("../outside.xml", b"x")), ODD),
        (ofd(("/etc/outside.xml", b"x")), ODD),
        (ofd(("C:\\outside.xml", b"x")), ODD),
        (ofd((link(), b"/etc/passwd")), ODD),
    ],
    ids=["empty", "picture", "word", "deeper", "torn", "password", "dots", "root", "drive", "link"],
)
def test_anything_else_is_refused_with_a_sentence(data, sentence):
    assert refusal(data) == sentence


def test_an_archive_that_unpacks_to_gigabytes_is_refused_unopened():
    archive = bytearray(ofd(("Doc_0/zeros", bytes(100))))
    size = archive.rindex(b"PK\x01\x02") + 24  # in the directory: what the entry says it unpacks to
    assert struct.unpack_from("<I", archive, size) == (100,)
    struct.pack_into("<I", archive, size, 201 * 2**20)
    assert refusal(bytes(archive)) == ODD


def test_an_archive_of_thousands_of_entries_is_refused():
    assert refusal(ofd(*((f"Doc_0/{number}", b"") for number in range(2001)))) == ODD

import base64
import io
import shutil
import struct
import zipfile
import zlib

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.errors import Refused
from surveys import scans
from surveys.pdfs import render_form
from surveys.scans import Kind, kinds, process
from tests.surveys.photographs import encoded, heic, photograph
from tests.surveys.prints import form_print

# One blank page under the password "secret" (RC4, 40 bit), packed.
ENCRYPTED_PDF = zlib.decompress(
    base64.b85decode(
        rb"c-oCo%Wm5+5WMp%_Tpp1_X`kwXc7ZOTf|V(UV<Dbap|fsq(G*Dq(9k1|DgSmQc9Z$aStUxfS8?`9qz8S7n?WyOp?{l"
        rb"U*CTa4h)9oE2%0%x8o3xEsjtHG|7s_#%4{{Yl3~8IAX!QdAvuU+pxm}q36S~&%g<N-^Bymf-1xs?iNycB0Uc|?1vqB"
        rb"@_@;^UI^4bdl6dWVK|O$QItxd(~lUt@OF48ZP^){uV7F2ZZaRSM0@S77w(^@;57(BKVZMhUqG><10}rj#tL5wn{J=W"
        rb"Sm<>QeGFqH^a?6360)R}Rw1g^8>NhwNy?Vlw$UnSXJd;Tg>i-HvBh9Gvw>qWlEqlEe}XDSV`X4Mwrvv8%ix99HhOG?"
        rb"mBKLPv}28PmZLP7I2y?tF6{&u70q%#4<jbRz!3I)z-TQsBzVSn`TJbyUoh=YFwWg6X6y+j41dA$7`i=<^H{IDZ&;$x"
        rb"dKfaudH(cWp9bK6-WO$Km1~$3Jn$f#*V;vEnNNyY#h6o0#P$DB%APO#c6_|gp#LuVki(egfheoVYIS+FA-@5O;lU3"
    )
)


READER = process.START.with_name("reader")


def imports(file):
    return [line for line in file.read_text().splitlines() if line.lstrip().startswith(("import ", "from "))]


@pytest.fixture(scope="module")
def form():
    return render_form(form_print())


def png(width: int, height: int, colour: int = 0) -> bytes:
    """A PNG that claims its size in a few bytes: rows of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    rows = zlib.compress(bytes(width + 1) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def blank_pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose frame header says it is large."""
    target = io.BytesIO()
    Image.new("L", (16, 16), 255).save(target, "JPEG")
    data = bytearray(target.getvalue())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def refusal(data: bytes, name: str = "盖章件.pdf") -> str:
    with pytest.raises(Refused) as refused:
        scans.inspect_upload(data, name)
    (reason,) = refused.value.reasons
    return str(reason)


# --- what is taken ------------------------------------------------------------------------------------


def test_a_photograph_a_scan_and_a_png_are_taken_by_their_content(form):
    picture = photograph(form.pdf, long_side=600)
    assert scans.inspect_upload(picture, "无后缀").kind is Kind.JPEG
    assert scans.inspect_upload(png(40, 30), "a.png") == scans.UploadCheck(Kind.PNG, 1, 40, 30)
    assert scans.inspect_upload(heic(picture), "IMG_1.HEIC").content_type == "image/heic"
    upload = SimpleUploadedFile("IMG_1.jpg", form.pdf)
    taken = scans.inspect_upload(upload)
    assert (taken.content_type, taken.pages) == ("application/pdf", form.pages)
    assert upload.read() == form.pdf


# --- what is refused, and why -------------------------------------------------------------------------


def test_an_empty_file_is_refused():
    assert refusal(b"") == "文件是空的。"


def test_a_file_over_30_mb_is_refused():
    data = b"%PDF-1.7" + bytes(kinds.MAX_SIZE)
    assert refusal(data) == "文件超过 30 MB。请降低扫描分辨率，或分页上传。"


def test_a_zip_renamed_to_pdf_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("盖章件.txt", "x")
    assert refusal(target.getvalue()) == "文件名是 PDF 或图片，内容却不是。"


def test_a_word_file_is_refused_by_name_of_what_is_taken():
    assert refusal(b"PK\x03\x04word", "调查表.docx") == "只能上传 PDF、JPG、PNG、HEIC 文件。"


def test_an_encrypted_pdf_is_refused():
    assert refusal(ENCRYPTED_PDF) == "PDF 设有密码。请去掉密码后再上传。"


def test_a_pdf_of_200_pages_is_refused():
    assert refusal(blank_pdf(200)) == "PDF 超过 40 页。请只上传本表的各页。"


def test_a_damaged_pdf_is_refused(form):
    assert refusal(b"%PDF-1.7\nnothing in it") == "文件已损坏或不完整，请重新上传。"


def test_a_torn_picture_is_refused(form):
    picture = photograph(form.pdf, long_side=600)
    assert refusal(picture[: len(picture) // 2], "1.jpg") == "文件已损坏或不完整，请重新上传。"
    apple = heic(picture)
    assert refusal(apple[: len(apple) * 9 // 10], "1.heic") == "文件已损坏或不完整，请重新上传。"


def test_a_heic_that_says_it_is_too_large_is_refused_before_it_is_decoded():
    small = heic(encoded(Image.new("RGB", (64, 64), "white")))
    size = small.index(b"ispe") + 8
    assert struct.unpack(">II", small[size : size + 8]) == (64, 64)
    large = small[:size] + struct.pack(">II", 8000, 8000) + small[size + 8 :]
    assert refusal(large, "1.heic") == "图片太大。手机拍照的一般大小就够了。"


def test_another_film_of_the_same_family_is_no_picture():
    assert refusal(b"\x00\x00\x00\x18ftypisom\x00\x00", "影片.mp4") == "只能上传 PDF、JPG、PNG、HEIC 文件。"


def test_a_jpeg_over_120_megapixels_is_refused_before_it_is_decoded():
    assert refusal(jpeg_claiming(12_000, 11_000), "1.jpg") == "图片太大。手机拍照的一般大小就够了。"


def test_a_png_that_unpacks_to_gigabytes_is_refused():
    assert refusal(png(60_000, 60_000), "1.png") == "图片太大。手机拍照的一般大小就够了。"


def test_a_reader_that_hangs_is_ended(form, monkeypatch):
    monkeypatch.setattr(scans, "INSPECT_SECONDS", 0.01)
    assert refusal(form.pdf) == "无法在规定时间内读出文件，请重新扫描。"


def test_a_reader_that_runs_out_of_memory_costs_nobody_else(tmp_path, monkeypatch):
    shutil.copytree(process.START.parent, tmp_path / "scans")
    limits = tmp_path / "scans" / "reader" / "limits.py"
    limits.write_text(limits.read_text().replace("MEMORY = 1536", "MEMORY = 100"))
    monkeypatch.setattr(process, "START", tmp_path / "scans" / "start.py")
    wide = encoded(Image.new("RGB", (6000, 6000)), "PNG")
    assert refusal(wide, "1.png") == "文件已损坏或不完整，请重新上传。"


def test_the_reader_knows_nothing_of_the_platform():
    loaded = {line.split()[1] for file in READER.glob("*.py") for line in imports(file)}
    assert {name.partition(".")[0] for name in loaded} & {"surveys", "core", "documents", "django"} == set()


# --- what it looks like -------------------------------------------------------------------------------


def test_a_preview_is_a_jpeg_of_the_width_asked_for(form):
    preview = Image.open(io.BytesIO(scans.preview(form.pdf, 1, 700)))
    assert (preview.format, preview.width) == ("JPEG", 700)


def test_a_photograph_held_sideways_is_shown_upright(form):
    preview = Image.open(io.BytesIO(scans.preview(photograph(form.pdf, orientation=6), 0, 600)))
    assert preview.height > preview.width


def test_a_page_that_is_not_there_is_refused(form):
    with pytest.raises(Refused):
        scans.preview(form.pdf, 99, 700)


def test_a_heic_photograph_is_shown_as_jpeg(form):
    preview = Image.open(io.BytesIO(scans.preview(heic(photograph(form.pdf, long_side=600)), 0, 300)))
    assert (preview.format, preview.width) == ("JPEG", 300)

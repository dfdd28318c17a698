"""QR codes drawn into the page itself: no picture to fetch, nothing for a content policy to forbid."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """``{% qr link label %}``: dark on white with the quiet zone of four squares; ``label`` for who cannot see it."""
    drawing = segno.make_qr(text, error="m").svg_inline(border=4, light="#fff", omitsize=True)
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, SafeString(drawing))

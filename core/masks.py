"""Personal values cut down to what lets their owner recognise them and nobody else use them."""

MOBILE_DIGITS = 11
SHOWN_HEAD, SHOWN_TAIL = 3, 4


def masked_mobile(value: object) -> str:
    """13812349689 becomes 138****9689; anything shorter than a mobile keeps its last two digits only."""
    text = "".join(str(value or "").split())
    if not text:
        return ""
    if len(text) < MOBILE_DIGITS:
        return "***" + text[-2:] if len(text) > SHOWN_TAIL else "***"
    return text[:SHOWN_HEAD] + "*" * (len(text) - SHOWN_HEAD - SHOWN_TAIL) + text[-SHOWN_TAIL:]


def masked_email(value: object) -> str:
    """lianluo@example.org becomes l***@example.org; the number of stars tells nothing about the length."""
    text = str(value or "").strip()
    name, at, domain = text.rpartition("@")
    if not at:
        return "***" if text else ""
    return f"{name[:1]}***@{domain}"


def masked_name(value: object) -> str:
    """王小明 becomes 王**; two-word names keep their first letter only."""
    text = str(value or "").strip()
    return text[:1] + "**" if text else ""

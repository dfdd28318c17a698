"""Text as nobody wants it and somebody sends it."""

from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# Place names and surnames in use today whose signs lie outside the first tables of Chinese.
RARE_HAN = (
    "𬭎筼筜笕㐇㐈𠮷䲠䶮㛃㭎㳇㸌㺄䓖䓛䗪䗴䝙䢺䦃䩄䴓䴔䴕䴖䴗"
    "䴘䴙𬇙𬇹𬍛𬭩𬭬𫄧𫄨𫔍𫓶𫭟𬜬𬞟𬟁𬟽𬣙𬩽𬬭𬬮𬮱𬱖𬶏𬶐龘靐齉爨"
)
SIGNS = (
    "\0", "\x00\x1b[31m", "\ud800", "甲\udfff乙", "\udcff", "\uffff", "\ufeff", "\u200b\u200d\u2060", "\u00ad",
    "\u202e倒过来\u202c", "\u2066\u2069", "مرحبا", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "e\u0301\u0323\u0489", "Z͑ͫ̓ͪ̂", "\u2028\u2029", "\x85", "\r\n\r", "\t\v\f", "￼",
    "<script>alert(1)</script>", "</textarea><img src=x onerror=1>", "{{ 7*7 }}{% debug %}", "%s%n%00", "\\", "'\"--;",
    "=1+1", "＝cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "+86", "../../etc/passwd", "C:\\nul", "\ud83d", "﷽", "𝔘𝔫𝔦", "㍿",
    "0", "-0", "1e999", "NaN", "null", "[]", "{}", "true", "9" * 400, "2024-02-30", "0000", "99999-01-01",
)  # fmt: skip
MEGABYTE = "长" * 350_000


def rare_names() -> SearchStrategy[str]:
    return st.text(alphabet=RARE_HAN, min_size=1, max_size=12)


def hostile_texts() -> SearchStrategy[str]:
    """Any character there is, halves of characters too; now and then a megabyte."""
    anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
    chosen = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=4).map("".join)
    return st.one_of(anything, chosen, rare_names(), st.none().map(lambda _nothing: MEGABYTE))


def many_hostile_texts(count: int, seed: int) -> list[str]:
    """The same mixture without a search behind it: quick to make by the thousand."""
    random = Random(seed)
    return [MEGABYTE if number % 500 == 0 else _one(random) for number in range(count)]


def _one(random: Random) -> str:
    anything = "".join(chr(random.randrange(0x110000)) for _sign in range(random.randrange(30)))
    rare = "".join(random.choices(RARE_HAN, k=random.randrange(1, 12)))
    parts = [anything, rare, random.choice(SIGNS), random.choice(SIGNS), "筼筜街道"]
    random.shuffle(parts)
    return "".join(parts[: random.randrange(1, len(parts))])

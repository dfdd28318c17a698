import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.errors import Reason, Refused
from core.links import absolute


def test_a_refusal_carries_every_reason_in_order() -> None:
    refused = Refused([Reason("没有填写", "required", "plan"), Reason("轮次已关闭", "closed")])
    assert refused.codes == ["required", "closed"]
    assert [reason.field for reason in refused.reasons] == ["plan", None]
    assert str(refused) == "没有填写 轮次已关闭"


def test_a_reason_is_said_in_the_language_of_its_reader() -> None:
    refused = Refused(Reason(_("Due today")))
    assert str(refused) == "今天截止"
    with override("en"):
        assert str(refused) == "Due today"


def test_a_refusal_without_a_reason_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        Refused([])


def test_links_start_from_the_public_address(settings) -> None:
    settings.PUBLIC_URL = "https://safe.example.org/"
    assert absolute("/register/422/") == "https://safe.example.org/register/422/"


@pytest.mark.parametrize("path", ["register/", "//evil.example.org/", "https://evil.example.org/"])
def test_only_paths_of_ours_become_links(path: str) -> None:
    with pytest.raises(ValueError):
        absolute(path)

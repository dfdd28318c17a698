import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/list/", {"q": "筼筜", "page": "3"})
    return Template("{% load platform %}" + source).render(Context({"request": request, **context}))


class Contact(forms.Form):
    mobile = forms.CharField(label="手机", help_text="11 位数字")
    intends = forms.ChoiceField(
        label="是否打算申请", choices=[("applies", "打算申请")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="已阅读")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            '{% icon "check" %}',
            '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#i-check"/></svg>',
        ),
        (
            '{% ring "draft" %}',
            '<svg class="ring" aria-hidden="true"><use href="/static/img/icons.svg#r-draft"/></svg>',
        ),
        ("{{ 84|percent:127 }}", "66%"),
        ("{{ 126|percent:127 }}", "99%"),
        ("{{ 0|percent:0 }}", "–"),
        ('{{ "2020-05"|zh_date }}', "2020年5月"),
        ('{{ "13812349689"|masked_mobile }}', "138****9689"),
        ('{% url_if "no:such" %}', ""),
    ],
)
def test_small_pieces(source: str, html: str) -> None:
    assert render(source) == html


def test_every_piece_of_the_sprite_that_is_asked_for_exists(settings) -> None:
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    rings = ["empty", "draft", "sent", "seal", "review", "returned", "passed", "late", "valid", "unknown"]
    assert [ring for ring in rings if f'id="r-{ring}"' not in sprite] == []


def test_a_text_field_is_tied_to_its_hint_and_its_error() -> None:
    html = render("{% field form.mobile %}", form=Contact({"agree": "on"}))
    assert 'aria-describedby="id_mobile_helptext id_mobile_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("手机") < html.index('id="id_mobile_helptext"') < html.index('id="id_mobile_error"')
    assert html.index('id="id_mobile_error"') < html.index("<input")


def test_a_field_without_hint_and_error_points_to_nothing() -> None:
    assert "aria-describedby" not in render("{% field form.agree %}", form=Contact())


def test_radio_buttons_stand_in_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.intends %}", form=Contact())
    assert '<fieldset class="field" id="id_intends"' in html
    assert '<label class="choice" for="id_intends_0">' in html


def test_the_error_summary_links_to_each_field() -> None:
    form = Contact({"mobile": "", "intends": "applies", "agree": "on"})
    form.add_error(None, "轮次已关闭")
    html = render("{% error_summary form %}", form=form)
    assert "有 2 处需要改正" in html
    assert '<a href="#id_mobile">手机：' in html
    assert "轮次已关闭" in html


def test_a_form_in_order_has_no_summary() -> None:
    form = Contact({"mobile": "13812349689", "intends": "applies", "agree": "on"})
    assert render("{% error_summary form %}", form=form).strip() == ""


def test_pages_keep_the_question_that_was_asked() -> None:
    html = render("{% pagination page %}", page=Paginator(range(127), 20).page(3))
    assert "第 41–60 项，共 127 项" in html
    assert 'href="?q=%E7%AD%BC%E7%AD%9C&amp;page=4" rel="next"' in html
    assert '<span aria-current="page">3</span>' in html


def test_what_fits_on_one_page_has_no_page_numbers() -> None:
    html = render("{% pagination page %}", page=Paginator(range(7), 20).page(1))
    assert "共 7 项" in html
    assert "aria-current" not in html


@pytest.mark.parametrize(("done", "total", "width"), [(12, 17, "70.6%"), (0, 0, "0.0%"), (9, 3, "100.0%")])
def test_a_bar_is_as_wide_as_the_work_that_is_done(done: int, total: int, width: str) -> None:
    assert f'width="{width}"' in render("{% progress done total %}", done=done, total=total)
    assert f'width="{width}"' in render("{% bar done total %}", done=done, total=total)

"""A definition is checked before it can become a questionnaire."""

import copy

import pytest

from core.errors import Refused
from surveys.questionnaires import Kind, parse
from tests.factories import ANNEX_2


def broken(path: list, value: object) -> dict:
    definition = copy.deepcopy(ANNEX_2)
    place = definition
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return definition


def faults(definition: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        parse(definition)
    return [str(reason) for reason in refused.value.reasons]


def test_the_shipped_form_is_the_form_of_the_notice() -> None:
    questionnaire = parse(ANNEX_2)
    official = [section for section in questionnaire.sections if section.prints_on == "official"]
    assert [
        question.print_label_zh.replace(" ", "") for section in official for question in section.questions
    ] == [
        "社区名称",
        "初次认证时间",
        "复评时间",
        "国际安全社区建设工作负责人",
        "工作电话",
        "手机",
        "国际安全社区建设工作联系人",
        "工作电话",
        "手机",
        "电子邮箱",
        "联系地址",
        "社区目前开展国际安全社区工作情况",
        "国际安全社区认证和复评工作计划",
        "国际安全社区认证和复评工作建议",
    ]


def test_a_question_is_found_by_its_id_and_by_its_concept() -> None:
    questionnaire = parse(ANNEX_2)
    assert questionnaire.by_id["email"].kind is Kind.EMAIL
    assert questionnaire.by_concept("designation.first") is questionnaire.by_id["first_certified"]
    assert questionnaire.by_concept("nothing") is None


def test_a_label_used_twice_is_told_apart_by_its_section() -> None:
    questions = parse(ANNEX_2).by_id
    assert questions["leader_mobile"].full_label == "工作负责人　手机"
    assert questions["email"].full_label == "电子邮箱"


FIRST = ["sections", 0, "questions", 0]
INTENDS = ["sections", 5, "questions", 0]
YEAR = ["sections", 5, "questions", 1]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["title_zh"], "", "缺少 title_zh。"),
        (["sections", 0, "prints_on"], "back", "部分 community 要印在不存在的页上。"),
        ([*FIRST, "kind"], "colour", "问题 community_name 的类型不存在：colour。"),
        ([*FIRST, "concept"], "", "问题 community_name 缺少 concept。"),
        ([*FIRST, "id"], "email", "email 用了两次。"),
        (
            [*FIRST, "choices"],
            [{"code": "a", "label_zh": "甲"}],
            "问题 community_name：只有选择题有选项，选择题必须有选项。",
        ),
        ([*FIRST, "rules", "colour"], "red", "问题 community_name 有不存在的规则：colour。"),
        ([*FIRST, "rules", "max_length"], "long", "问题 community_name：max_length 必须是整数。"),
        ([*FIRST, "rules", "pattern"], "passport", "问题 community_name 用了不存在的格式：passport。"),
        ([*INTENDS, "choices"], [], "问题 intends：只有选择题有选项，选择题必须有选项。"),
        ([*INTENDS, "choices", 0, "label_zh"], "", "问题 intends：每个选项都要有代码和名称。"),
        (
            [*YEAR, "rules", "shown_if"],
            {"question": "needs", "equals": "x"},
            "问题 planned_year：显示条件只能指向前面的问题。",
        ),
        ([*YEAR, "rules", "shown_if", "equals"], "maybe", "问题 planned_year：显示条件里的选项不存在。"),
        (
            [*YEAR, "rules", "shown_if"],
            {"question": "intends"},
            "问题 planned_year：显示条件要写明问题和取值。",
        ),
    ],
)
def test_each_fault_is_said_with_its_place(path: list, value: object, sentence: str) -> None:
    assert sentence in faults(broken(path, value))


def test_all_faults_are_said_at_once() -> None:
    definition = broken([*FIRST, "kind"], "colour")
    definition["sections"][1]["questions"][0]["rules"]["pattern"] = "passport"
    assert len(faults(definition)) == 2


@pytest.mark.parametrize("definition", [None, [], {}, {"sections": {}}])
def test_what_is_no_questionnaire_at_all_is_said_so(definition: object) -> None:
    assert faults(definition) == ["调查表应当是带有 sections 列表的对象。"]


@pytest.mark.parametrize("sections", [["a"], [{"id": "a", "title_zh": "甲"}], [[]], [{"questions": ["b"]}]])
def test_what_is_built_wrongly_is_refused_and_no_breakdown(sections: list) -> None:
    with pytest.raises(Refused):
        parse({"code": "x", "title_zh": "表", "sections": sections})


@pytest.mark.parametrize(
    ("continues", "fault"),
    [
        ([{"concept": "survey.plan"}], "问题 intends：接续的内容要写明版本和概念。"),
        (
            [{"edition": "annex2-2020", "concept": "survey.plan", "kind": "text"}],
            "问题 intends：接续的内容要写明版本和概念。",
        ),
        (
            [{"edition": "annex2-2024", "concept": "survey.plan"}],
            "问题 intends 不能接续本版本自己的问题。",
        ),
        (
            [{"edition": "annex2-2020", "concept": "survey.plan", "choices": {"a": "maybe"}}],
            "问题 intends：有一个答案接续为 maybe，没有这个选项。",
        ),
    ],
)
def test_what_a_question_continues_is_checked(continues, fault) -> None:
    definition = broken(["sections", 5, "questions", 0, "continues"], continues)
    assert faults(definition) == [fault]


def test_continues_that_is_no_list_is_refused_and_no_breakdown() -> None:
    assert len(faults(broken(["sections", 5, "questions", 0, "continues"], "annex2-2020"))) == 1

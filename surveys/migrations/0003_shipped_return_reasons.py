"""The reasons that a new installation offers. They are suggestions of ours; staff change, add and hide them."""

from django.db import migrations

REASONS = (
    ("empty", "answers", "没有填写内容，或内容过于简单，请补充。", "Empty or too short; please add."),
    ("other_question", "answers", "回答的不是本栏的问题，请对照栏目说明修改。", "Answers another question; please compare with the hint."),
    ("date_differs", "answers", "时间与命名名录不一致，请核对命名文件后修改。", "The date differs from the register; please compare with the decision."),
    ("number_wrong", "answers", "电话或邮箱无法联系，请核对。", "Telephone or e-mail does not work; please check."),
    ("person_left", "answers", "所填人员已不负责此项工作，请填写现任人员。", "This person no longer does this work; please name the present one."),
    ("no_figures", "answers", "请补充具体数字、时间或项目名称。", "Please add figures, dates or names of projects."),
    ("plan_vague", "answers", "计划不明确，请写明计划年份和主要步骤。", "The plan is vague; please give the year and the main steps."),
    ("not_sealed", "copy", "没有盖章。", "Not sealed."),
    ("not_signed", "copy", "负责人没有签字。", "Not signed by the person in charge."),
    ("not_dated", "copy", "没有填写日期。", "Not dated."),
    ("illegible", "copy", "图片不清晰，请重新扫描或拍照。", "Not legible; please scan or photograph again."),
    ("page_missing", "copy", "缺页，或页面没有拍完整。", "A page is missing or cut off."),
    ("old_version", "copy", "不是最新版本，请打印最新版本后签字盖章。", "Not the latest version; please print, sign and seal the latest one."),
    ("other_seal", "copy", "印章与填报单位不一致。", "The seal is not that of the unit."),
    ("changed_by_hand", "copy", "纸面有手写改动，请在网上修改后重新打印。", "Changed by hand; please change it online and print again."),
)  # fmt: skip


def add(apps, schema_editor):
    model = apps.get_model("surveys", "ReturnReason")
    model.objects.bulk_create(
        model(code=code, about=about, text_zh=zh, text_en=en, position=place)
        for place, (code, about, zh, en) in enumerate(REASONS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_the_round_in_full")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

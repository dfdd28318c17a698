"""The nine roles that ship with the platform. Rows that staff have edited are left as they are."""

from django.db import migrations

ALL = [
    "register.view",
    "register.change",
    "round.view",
    "round.manage",
    "response.view",
    "response.fill",
    "response.review",
    "contact.view",
    "result.export",
    "account.view",
    "account.manage",
    "audit.view",
    "notice.view",
    "notice.manage",
]
FILLS_IN = ["response.view", "response.fill"]
# The unit's own contact persons are no secret to those who answer for it.
ANSWERS_FOR = [*FILLS_IN, "contact.view"]

# code, scope, Chinese name, English name, Chinese description, English description, permissions
ROLES = (
    (
        "administrator",
        "platform",
        "系统管理员",
        "Administrator",
        "管理账号、角色和系统，拥有全部权限。",
        "Looks after accounts, roles and the system; holds every permission.",
        ALL,
    ),
    (
        "case_officer",
        "platform",
        "工作人员",
        "Case officer",
        "维护名录，发起调查，审核填报材料，管理填报账号。",
        "Keeps the register, runs survey rounds, checks answers, looks after the accounts of the units.",
        [code for code in ALL if code != "response.fill"],
    ),
    (
        "leadership",
        "platform",
        "领导",
        "Leadership",
        "查看名录、调查进度和汇总结果，联系方式不完整显示。",
        "Sees the register, the progress and the results; contact details stay masked.",
        ["register.view", "round.view", "response.view", "result.export"],
    ),
    (
        "certifying_centre",
        "community",
        "认证机构",
        "Certifying centre",
        "查看已移交给本机构的社区材料。",
        "Sees what was handed over to it, community by community.",
        ["response.view"],
    ),
    (
        "authority",
        "authority",
        "主管部门",
        "Authority",
        "查看所辖社区的填报情况。",
        "Sees the answers of the communities it supervises.",
        ["response.view"],
    ),
    (
        "expert",
        "community",
        "专家",
        "Expert",
        "在授权期限内查看指定社区的材料。",
        "Sees the papers of the communities assigned, as long as the assignment lasts.",
        ["response.view"],
    ),
    (
        "community_leader",
        "community",
        "社区负责人",
        "Community leader",
        "查看、填写和提交本社区的调查表。",
        "Sees, fills in and submits the survey of the own community.",
        ANSWERS_FOR,
    ),
    (
        "community_liaison",
        "community",
        "社区联络人",
        "Community liaison",
        "查看、填写和提交本社区的调查表，上传盖章件。",
        "Sees, fills in and submits the survey of the own community and uploads the sealed copy.",
        ANSWERS_FOR,
    ),
    (
        "community_clerk",
        "community",
        "社区经办人",
        "Community clerk",
        "协助填写本社区的调查表，上传盖章件。",
        "Helps to fill in the survey of the own community and to upload the sealed copy.",
        FILLS_IN,
    ),
)


def ship_roles(apps, schema_editor):
    Role = apps.get_model("accounts", "Role")
    for code, scope, name_zh, name_en, description_zh, description_en, permissions in ROLES:
        Role.objects.get_or_create(
            code=code,
            defaults={
                "scope": scope,
                "name_zh": name_zh,
                "name_en": name_en,
                "description_zh": description_zh,
                "description_en": description_en,
                "permissions": permissions,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    # Backwards nothing is taken away: grants may hang on these rows.
    operations = [migrations.RunPython(ship_roles, migrations.RunPython.noop)]

"""What the shipped roles allow, for tests in which the migrations' rows have been flushed."""

from accounts.enums import Permission, RoleCode

FILLS_IN = [
    Permission.RESPONSE_VIEW,
    Permission.RESPONSE_FILL,
    Permission.CONTACT_VIEW,
    Permission.WORK_VIEW,
    Permission.WORK_RECORD,
    Permission.WORK_REVIEW,
    Permission.INJURY_VIEW,
    Permission.INJURY_RECORD,
]
# Only used where the role is not already there from the migrations.
ROLE_PERMISSIONS: dict[str, list[Permission]] = {
    RoleCode.ADMINISTRATOR: list(Permission),
    RoleCode.CASE_OFFICER: [
        Permission.REGISTER_VIEW,
        Permission.REGISTER_CHANGE,
        Permission.ROUND_VIEW,
        Permission.ROUND_MANAGE,
        Permission.RESPONSE_VIEW,
        Permission.RESPONSE_REVIEW,
        Permission.CONTACT_VIEW,
        Permission.RESULT_EXPORT,
        Permission.ACCOUNT_VIEW,
        Permission.NOTICE_VIEW,
        Permission.WORK_VIEW,
        Permission.WORK_JUDGE,
        Permission.WORK_MANAGE,
        Permission.INJURY_VIEW,
        Permission.INJURY_MANAGE,
    ],
    RoleCode.LEADERSHIP: [
        Permission.REGISTER_VIEW,
        Permission.ROUND_VIEW,
        Permission.RESULT_EXPORT,
        Permission.WORK_VIEW,
        Permission.INJURY_VIEW,
    ],
    RoleCode.AUTHORITY: [
        Permission.RESPONSE_VIEW,
        Permission.WORK_VIEW,
        Permission.WORK_JUDGE,
        Permission.INJURY_VIEW,
        Permission.INJURY_APPROVE,
    ],
    RoleCode.HEALTH_DEPARTMENT: [Permission.INJURY_VIEW, Permission.INJURY_RECORD],
    RoleCode.EXPERT: [Permission.RESPONSE_VIEW, Permission.WORK_VIEW, Permission.INJURY_VIEW],
    RoleCode.CERTIFYING_CENTRE: [Permission.RESPONSE_VIEW],
    RoleCode.COMMUNITY_LEADER: FILLS_IN,
    RoleCode.COMMUNITY_LIAISON: FILLS_IN,
    RoleCode.COMMUNITY_CLERK: [
        Permission.RESPONSE_VIEW,
        Permission.WORK_VIEW,
        Permission.WORK_RECORD,
        Permission.INJURY_VIEW,
        Permission.INJURY_RECORD,
    ],
}

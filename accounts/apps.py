from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import selectors
        from accounts.enums import Permission, RoleCode
        from accounts.services import confirmations, idle, passwords, retention
        from audit.enums import name_actions, name_fact
        from notices import kinds
        from notices.enums import Kind

        for kind in (Kind.PASSWORD_RESET, Kind.ACCOUNT_INVITATION):
            kinds.register(kind, still_wanted=passwords.link_still_wanted, prepare=passwords.link_for)
        kinds.register(
            Kind.EMAIL_CONFIRMATION,
            still_wanted=confirmations.confirmation_still_wanted,
            prepare=confirmations.confirmation_link,
        )
        retention.register_rules()
        kinds.register_office(partial(selectors.holders_of, Permission.NOTICE_MANAGE))
        kinds.register(Kind.ACCOUNT_IDLE, still_wanted=idle.warning_still_wanted)
        name_fact("browser", _("browser"))
        name_fact("role", _("role"), dict(RoleCode.choices))
        name_fact("until", _("until"))
        name_fact("address", _("network address"))
        name_fact("second_factor", _("second factor"))
        name_actions(
            {
                "account.create": _("Account opened"),
                "account.change": _("Account changed"),
                "account.deactivate": _("Account closed"),
                "account.reactivate": _("Account opened again"),
                "account.invite": _("Invitation to the account sent"),
                "account.retract_invitation": _("Invitation to the account retracted"),
                "account.email_confirm": _("E-mail address confirmed"),
                "account.password_change": _("Password changed"),
                "account.password_reset_request": _("New password asked for"),
                "account.password_set": _("Password set by mailed link"),
                "account.guard": _("Second factor made obligatory or not"),
                "account.second_factor_set_up": _("Second factor set up"),
                "account.second_factor_remove": _("Second factor taken away"),
                "account.recovery_code_used": _("Recovery code used"),
                "account.recovery_codes_renew": _("Recovery codes made anew"),
                "account.sign_in": _("Signed in"),
                "account.session_end": _("Session ended from elsewhere"),
                "account.erasure_asked": _("Erasure of the own data asked for"),
                "account.erase": _("Personal data of the account erased"),
                "account.data_export": _("Own data taken as a file"),
                "role.grant": _("Role given"),
                "role.revoke": _("Role taken away"),
                "role.change": _("Role changed"),
            }
        )

"""All writing about accounts. Every function takes ``by=``: who does it; None is the system."""

from accounts.services.confirmations import (
    confirm_email,
    mark_confirmed,
    request_confirmation,
    user_to_confirm,
)
from accounts.services.erasure import ask_for_erasure, erase_user, register_erasure
from accounts.services.idle import close_idle_accounts
from accounts.services.own_data import own_data, register_own_data
from accounts.services.passwords import (
    change_password,
    request_password_reset,
    set_password_by_link,
    user_by_link,
)
from accounts.services.roles import change_role, grant_role, revoke_role, set_roles
from accounts.services.second_factor import (
    check_second_factor,
    guard,
    new_key,
    offer,
    remove_second_factor,
    renew_recovery_codes,
    set_up_second_factor,
)
from accounts.services.sessions import clear_ended_sessions, end_session, end_sessions, record_sign_in
from accounts.services.users import (
    change_user,
    create_user,
    deactivate_user,
    invite_user,
    reactivate_user,
    retract_invitation,
)

__all__ = [
    "ask_for_erasure",
    "change_password",
    "change_role",
    "change_user",
    "check_second_factor",
    "clear_ended_sessions",
    "close_idle_accounts",
    "confirm_email",
    "create_user",
    "deactivate_user",
    "end_session",
    "end_sessions",
    "erase_user",
    "grant_role",
    "guard",
    "invite_user",
    "mark_confirmed",
    "new_key",
    "offer",
    "own_data",
    "reactivate_user",
    "record_sign_in",
    "register_erasure",
    "register_own_data",
    "remove_second_factor",
    "renew_recovery_codes",
    "request_confirmation",
    "request_password_reset",
    "retract_invitation",
    "revoke_role",
    "set_password_by_link",
    "set_roles",
    "set_up_second_factor",
    "user_by_link",
    "user_to_confirm",
]

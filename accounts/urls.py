from django.urls import path

from accounts.views import account, confirmations, door, passwords, second_factor, sessions

app_name = "accounts"

urlpatterns = [
    path("login/", door.login, name="login"),
    path("logout/", door.logout, name="logout"),
    path("account/", account.profile, name="profile"),
    path("account/data/", account.own_data, name="own_data"),
    path("account/erasure/", account.ask_for_erasure, name="ask_for_erasure"),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/sessions/end/", sessions.end, name="session_end"),
    path("account/email/confirm/", confirmations.again, name="email_confirm_again"),
    path("email/confirm/<str:token>/", confirmations.confirm, name="email_confirm"),
    path("account/password/", passwords.change, name="password_change"),
    path("password/forgotten/", passwords.forgotten, name="password_reset"),
    path("password/forgotten/sent/", passwords.sent, name="password_reset_sent"),
    path("password/set/<str:token>/", passwords.set_by_link, name="password_set"),
    path("account/second-factor/", second_factor.verify, name="second_factor"),
    path("account/second-factor/set-up/", second_factor.set_up, name="second_factor_set_up"),
    path("account/second-factor/codes/", second_factor.renew_codes, name="second_factor_codes"),
]

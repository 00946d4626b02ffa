"""Pages of accounts."""

from django.urls import URLPattern, path

from dovolen.desk.accounts.views import entry, house, own

urlpatterns: list[URLPattern] = [
    path("first-run/", entry.first_run, name="first_run"),
    path("log-in/", entry.log_in, name="log_in"),
    path("log-in/code/", entry.log_in_code, name="log_in_code"),
    path("log-in/passkey/", entry.log_in_by_passkey, name="log_in_by_passkey"),
    path("log-in/passkey/challenge/", entry.passkey_challenge, name="passkey_challenge"),
    path("log-out/", entry.log_out, name="log_out"),
    path("invitation/<str:token>/", entry.invitation, name="invitation"),
    path("profile/", own.profile, name="profile"),
    path("profile/password/", own.password, name="password"),
    path("profile/authenticator/", own.authenticator, name="authenticator"),
    path("profile/authenticator/removal/", own.authenticator_off, name="authenticator_off"),
    path("profile/recovery-codes/", own.recovery_codes, name="recovery_codes"),
    path("profile/passkeys/new/", own.new_passkey, name="new_passkey"),
    path("profile/passkeys/challenge/", own.new_passkey_challenge, name="new_passkey_challenge"),
    path("profile/passkeys/<int:key>/removal/", own.passkey_off, name="passkey_off"),
    path("profile/sessions/", own.sessions, name="sessions"),
    path("profile/sessions/others/end/", own.sessions_end, name="sessions_end"),
    path("profile/sessions/<uuid:number>/end/", own.session_end, name="session_end"),
    path("staff/", house.staff, name="staff"),
    path("staff/new/", house.new_staff, name="new_staff"),
    path("staff/<int:key>/", house.colleague, name="colleague"),
    path("staff/<int:key>/link/", house.new_link, name="new_link"),
    path("staff/<int:key>/second-factor/", house.factor_off, name="factor_off"),
    path("staff/<int:key>/active/", house.switch, name="switch"),
    path("centres/", house.centres, name="centres"),
    path("centres/new/", house.new_centre, name="new_centre"),
    path("centres/<int:key>/", house.centre, name="centre"),
]

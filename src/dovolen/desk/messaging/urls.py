"""Pages of messages."""

from django.urls import URLPattern, path

from dovolen.desk.messaging import public
from dovolen.desk.messaging.doors import REPORTS
from dovolen.desk.messaging.views import contacts, gateways, inbox, journal, phone, setup

urlpatterns: list[URLPattern] = [
    path("messages/", journal.messages, name="messages"),
    path("messages/<int:key>/", journal.message, name="message"),
    path("messages/<int:key>/repeat/", journal.message_again, name="message_again"),
    path("messages/<int:key>/proof/", journal.message_sent, name="message_sent"),
    path("messages/<int:key>/cancellation/", journal.message_cancelled, name="message_cancelled"),
    path("settings/notices/", setup.notices, name="notices"),
    path("settings/notices/<str:code>/state/", setup.notice_switch, name="notice_switch"),
    path("settings/notices/<str:code>/standard/", setup.notice_standard, name="notice_standard"),
    path("settings/gateways/", gateways.gateways, name="gateways"),
    path("settings/gateways/new/<str:way>/", gateways.new_gateway, name="new_gateway"),
    path("settings/gateways/<int:key>/", gateways.gateway, name="gateway"),
    path("settings/gateways/<int:key>/state/", gateways.gateway_switch, name="gateway_switch"),
    path("settings/gateways/<int:key>/place/", gateways.gateway_place, name="gateway_place"),
    path("settings/gateways/<int:key>/trial/", gateways.gateway_trial, name="gateway_trial"),
    path("settings/gateways/<int:key>/report-address/", gateways.gateway_report_address, name="gateway_report_address"),
    path("phone/", phone.phone, name="phone"),
    path("phone/answers/", phone.phone_answer, name="phone_answer"),
    path(REPORTS.format(token="<str:token>"), public.gateway_reports, name="gateway_reports"),
    path("contacts/<int:contact>/", contacts.contact, name="contact"),
    path("contacts/<int:contact>/report/", contacts.contact_report, name="contact_report"),
    path("contacts/<int:contact>/confirmation/", contacts.contact_confirmation, name="contact_confirmation"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:key>/", inbox.incoming, name="incoming"),
    path("inbox/<int:key>/assignee/", inbox.incoming_assignee, name="incoming_assignee"),
    path("inbox/<int:key>/customer/", inbox.incoming_customer, name="incoming_customer"),
    path("inbox/<int:key>/answers/", inbox.incoming_answer, name="incoming_answer"),
    path("inbox/<int:key>/result/", inbox.incoming_result, name="incoming_result"),
]

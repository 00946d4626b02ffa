"""Pages of messages."""

from django.urls import URLPattern, path

from dovolen.desk.messaging.views import contacts, inbox

urlpatterns: list[URLPattern] = [
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

"""Pages of people. The card of a client stands above all apps: `pages`."""

from django.urls import URLPattern, path

from dovolen.desk.people.views import contacts, details, listing, merging, ties

ONE = "customers/<int:customer>/"
urlpatterns: list[URLPattern] = [
    path("customers/", listing.customers, name="customers"),
    path("customers/new/", listing.new_customer, name="new_customer"),
    path("customers/alike/", listing.alike, name="alike"),
    path("customers/places/", listing.place, name="customer_places"),
    path(f"{ONE}details/", details.details, name="customer_details"),
    path(f"{ONE}requisites/", details.requisites, name="customer_requisites"),
    path(f"{ONE}block/", details.block, name="customer_block"),
    path(f"{ONE}phones/", contacts.phones, name="customer_phones"),
    path(f"{ONE}phones/<int:phone>/", contacts.phone, name="customer_phone"),
    path(f"{ONE}emails/", contacts.emails, name="customer_emails"),
    path(f"{ONE}emails/<int:email>/", contacts.email, name="customer_email"),
    path(f"{ONE}consents/", ties.consents, name="customer_consents"),
    path(f"{ONE}notes/", ties.notes, name="customer_notes"),
    path(f"{ONE}notes/<int:note>/", ties.note, name="customer_note"),
    path(f"{ONE}relations/", ties.relations, name="customer_relations"),
    path(f"{ONE}relations/<int:relation>/", ties.relation, name="customer_relation"),
    path(f"{ONE}duplicates/", merging.duplicates, name="customer_duplicates"),
    path(f"{ONE}merge/<int:other>/", merging.merge, name="customer_merge"),
    path("merges/<int:merge>/undo/", merging.undo, name="merge_undo"),
]

"""Pages of complaints and answers."""

from django.urls import URLPattern, path

from dovolen.desk.feedback.views import answers, cases, recording

urlpatterns: list[URLPattern] = [
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:key>/", cases.case, name="case"),
    path("cases/<int:key>/owner/", cases.case_owner, name="case_owner"),
    path("cases/<int:key>/replies/", cases.case_replies, name="case_replies"),
    path("cases/<int:key>/resolution/", cases.case_resolution, name="case_resolution"),
    path("cases/answers/", answers.answers, name="answers"),
    path("customers/<int:customer>/feedback/", cases.customer_feedback, name="customer_feedback"),
    path("customers/<int:customer>/cases/", recording.customer_cases, name="customer_cases"),
    path("customers/<int:customer>/answers/", recording.customer_answers, name="customer_answers"),
]

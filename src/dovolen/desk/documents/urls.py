"""Pages of papers."""

from django.urls import path

from dovolen.desk.documents.views import papers, setup

urlpatterns = [
    path("orders/<int:number>/papers/", papers.order_papers, name="order_papers"),
    path("papers/", papers.papers, name="papers"),
    path("papers/print/", papers.papers_print, name="papers_print"),
    path("papers/<int:key>.pdf", papers.paper, name="paper"),
    path("papers/<int:key>/voiding/", papers.voiding, name="paper_voiding"),
    path("settings/papers/", setup.paper_setups, name="paper_setups"),
    path("settings/papers/<int:key>/", setup.paper_setup, name="paper_setup"),
    path("settings/papers/<int:key>/logo/", setup.paper_logo, name="paper_logo"),
]

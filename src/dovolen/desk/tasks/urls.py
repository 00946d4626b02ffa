"""Pages of tasks."""

from django.urls import URLPattern, path

from dovolen.desk.tasks import views

urlpatterns: list[URLPattern] = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new/", views.new_task, name="new_task"),
    path("tasks/<int:key>/", views.task, name="task"),
    path("tasks/<int:key>/done/", views.task_done, name="task_done"),
    path("tasks/<int:key>/term/", views.task_term, name="task_term"),
]

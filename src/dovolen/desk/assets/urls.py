"""Pages of assets."""

from django.urls import URLPattern, path

from dovolen.desk.assets.views import asset, categories, lists

urlpatterns: list[URLPattern] = [
    path("assets/<int:asset>/details/", asset.details, name="asset_details"),
    path("assets/<int:asset>/owner/", asset.owner, name="asset_owner"),
    path("assets/<int:asset>/presence/", asset.presence, name="asset_presence"),
    path("settings/ready-sets/", categories.ready_sets, name="ready_sets"),
    path("settings/categories/", categories.categories, name="categories"),
    path("settings/categories/new/", categories.new_category, name="new_category"),
    path("settings/categories/<int:key>/", categories.category, name="category"),
    path("settings/categories/<int:key>/place/", categories.category_place, name="category_place"),
    path("settings/categories/<int:key>/active/", categories.category_active, name="category_active"),
    path("settings/categories/<int:key>/fields/", lists.category_fields, name="category_fields"),
    path("settings/categories/<int:key>/checklists/<str:moment>/", lists.category_checklist, name="category_checklist"),
    path("settings/categories/<int:key>/faults/", lists.category_faults, name="category_faults"),
    path("settings/categories/<int:key>/faults/new/", lists.new_fault, name="new_fault"),
    path("settings/categories/<int:key>/faults/<int:fault>/", lists.category_fault, name="category_fault"),
    path("settings/categories/<int:key>/faults/<int:fault>/removal/", lists.fault_removal, name="fault_removal"),
]

"""Pages of orders."""

from django.urls import URLPattern, path

from dovolen.desk.orders.views import course, estimate, intake, order, parts, photos, setup, slip

ONE = "orders/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("intake/", intake.intake, name="intake"),
    path("intake/draft/", intake.draft, name="intake_draft"),
    path(f"{ONE}slip/", slip.slip, name="slip"),
    path(ONE, order.order, name="order"),
    path(f"{ONE}pulse/", order.pulse, name="order_pulse"),
    path(f"{ONE}details/", order.details, name="order_details"),
    path(f"{ONE}diagnosis/", order.diagnosis, name="order_diagnosis"),
    path(f"{ONE}technician/", order.technician, name="order_technician"),
    path(f"{ONE}notes/", order.notes, name="order_notes"),
    path(f"{ONE}password/", order.password, name="order_password"),
    path(f"{ONE}password/new/", order.new_password, name="order_password_new"),
    path(f"{ONE}stage/", course.stage, name="order_stage"),
    path(f"{ONE}promise/", course.promise, name="order_promise"),
    path(f"{ONE}hold/", course.hold, name="order_hold"),
    path(f"{ONE}hold/end/", course.hold_end, name="order_hold_end"),
    path(f"{ONE}checklist/", course.checklist, name="order_checklist"),
    path(f"{ONE}told/", course.told, name="order_told"),
    path(f"{ONE}pickup/", course.pickup, name="order_pickup"),
    path(f"{ONE}cancellation/", course.cancellation, name="order_cancellation"),
    path(f"{ONE}lines/new/", estimate.new_line, name="order_line_new"),
    path(f"{ONE}lines/<int:key>/", estimate.line, name="order_line"),
    path(f"{ONE}lines/<int:key>/removal/", estimate.line_removal, name="order_line_removal"),
    path(f"{ONE}approval/", estimate.approval, name="order_approval"),
    path(f"{ONE}offers/", estimate.offers, name="order_offers"),
    path(f"{ONE}parts/new/", parts.new_part, name="order_part_new"),
    path(f"{ONE}parts/<int:key>/", parts.part, name="order_part"),
    path(f"{ONE}parts/<int:key>/arrival/", parts.part_arrival, name="order_part_arrival"),
    path(f"{ONE}parts/<int:key>/removal/", parts.part_removal, name="order_part_removal"),
    path(f"{ONE}photos/", photos.photos, name="order_photos"),
    path(f"{ONE}photos/<int:key>/", photos.photo, name="order_photo"),
    path(f"{ONE}photos/<int:key>/thumb/", photos.thumb, name="order_photo_thumb"),
    path(f"{ONE}photos/<int:key>/details/", photos.photo_details, name="order_photo_details"),
    path(f"{ONE}photos/<int:key>/removal/", photos.photo_removal, name="order_photo_removal"),
    path("settings/stages/", setup.stages, name="stages"),
    path("settings/stages/new/", setup.new_stage, name="new_stage"),
    path("settings/stages/<int:key>/", setup.stage, name="stage"),
    path("settings/stages/<int:key>/place/", setup.stage_place, name="stage_place"),
    path("settings/stages/<int:key>/active/", setup.stage_active, name="stage_active"),
    path("settings/stages/<int:key>/removal/", setup.stage_removal, name="stage_removal"),
    path("settings/categories/<int:key>/norms/", setup.category_norms, name="category_norms"),
]

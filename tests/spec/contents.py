"""The order in which spec tables are read as a manual: chapter → files."""

CONTENTS = {
    "Metrics": (
        "metrics/test_orders.py",
        "metrics/test_clients.py",
        "metrics/test_revenue.py",
        "metrics/test_average_order.py",
        "metrics/test_margin.py",
        "metrics/test_promise_kept.py",
        "metrics/test_turnaround.py",
        "metrics/test_rework.py",
        "metrics/test_cancelled.py",
    ),
    "Orders and visits": (
        "orders/test_days.py",
        "orders/test_counted.py",
        "orders/test_visits.py",
        "orders/test_never_served.py",
    ),
    "Classes": (
        "classes/test_by_hand.py",
        "classes/test_intermediary.py",
        "classes/test_regular.py",
        "classes/test_fleet.py",
    ),
    "RFM": (
        "rfm/test_values.py",
        "rfm/test_grades.py",
        "rfm/test_segments.py",
        "rfm/test_reading.py",
        "rfm/test_picture27.py",
        "rfm/test_movement.py",
    ),
    "Life cycle": (
        "lifecycle/test_limit.py",
        "lifecycle/test_states.py",
        "lifecycle/test_comeback.py",
        "lifecycle/test_cascade.py",
        "lifecycle/test_client_code.py",
        "lifecycle/test_cohorts.py",
        "lifecycle/test_retention.py",
        "lifecycle/test_sold_assets.py",
        "lifecycle/test_frequency.py",
        "lifecycle/test_services.py",
    ),
    "Value": (
        "value/test_profit.py",
        "value/test_clients.py",
        "value/test_abc.py",
        "value/test_cumulative_margin.py",
        "value/test_retention_cost.py",
        "value/test_bought_together.py",
    ),
    "Campaigns": ("experiments/test_campaigns.py",),
    "Answers": (
        "feedback/test_answers.py",
        "feedback/test_asked.py",
    ),
    "Renewal": (
        "renewal/test_index.py",
        "renewal/test_others.py",
    ),
    "Forecast and queue": (
        "forecast/test_days.py",
        "forecast/test_queue.py",
        "forecast/test_warranties.py",
    ),
}

"""Pages of money."""

from django.urls import URLPattern, path

from dovolen.desk.money.views import invoices, ledger, prices, sellers, shifts, statements

urlpatterns: list[URLPattern] = [
    path("cash/", shifts.cash, name="cash"),
    path("cash/<int:key>/", shifts.cash_shift, name="cash_shift"),
    path("cash/<int:key>/moves/", shifts.cash_moves, name="cash_moves"),
    path("cash/<int:key>/closing/", shifts.cash_closing, name="cash_closing"),
    path("money/", ledger.ledger, name="ledger"),
    path("money/file/", ledger.ledger_file, name="ledger_file"),
    path("money/clients/<int:customer>/", ledger.client_ledger, name="client_ledger"),
    path("money/clients/<int:customer>/file/", ledger.client_ledger_file, name="client_ledger_file"),
    path("money/debts/", ledger.debts, name="debts"),
    path("money/debts/file/", ledger.debts_file, name="debts_file"),
    path("money/invoices/", invoices.invoices, name="invoices"),
    path("money/invoices/<int:key>/cancellation/", invoices.invoice_cancellation, name="invoice_cancellation"),
    path("money/statements/", statements.statements, name="statements"),
    path("money/statements/<int:key>/", statements.statement, name="statement"),
    path("money/statements/lines/<int:key>/", statements.statement_line, name="statement_line"),
    path("money/prices/", prices.prices, name="prices"),
    path("money/prices/file/", prices.prices_file, name="prices_file"),
    path("money/prices/new/", prices.new_price, name="new_price"),
    path("money/prices/<int:key>/", prices.price, name="price"),
    path("money/prices/<int:key>/active/", prices.price_active, name="price_active"),
    path("money/sellers/", sellers.sellers, name="sellers"),
    path("money/sellers/new/", sellers.new_entity, name="new_entity"),
    path("money/sellers/<int:key>/", sellers.entity, name="entity"),
    path("money/sellers/<int:key>/active/", sellers.entity_active, name="entity_active"),
    path("money/centres/<int:key>/seller/", sellers.centre_seller, name="centre_seller"),
]

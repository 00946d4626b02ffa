"""What is owed and paid: prices, taxes, payments, the cash shift, invoices, bank statements."""

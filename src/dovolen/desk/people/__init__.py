"""Clients: persons and companies, their phones, consents, relations; one client out of two and back."""

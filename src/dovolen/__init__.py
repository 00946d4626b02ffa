"""Dovolen: the CRM of a service centre that knows its clients."""

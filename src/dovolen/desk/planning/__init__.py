"""Whose time is taken by what: technicians and bays by the hour."""

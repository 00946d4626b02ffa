"""Devices and vehicles: what they are, whose they were; categories with their fields, checklists, norms."""

"""Rows of other systems come in: read, shown, checked, loaded, undone."""

"""Pages of accounts: coming in, one's own account, staff and centres."""

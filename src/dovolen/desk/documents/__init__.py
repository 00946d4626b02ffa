"""Papers: drawn up from orders, numbered, printed once and kept."""

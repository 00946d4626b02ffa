"""Plain mathematics on numbers and arrays; each file cites its source."""

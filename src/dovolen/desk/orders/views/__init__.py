"""Pages of repair orders."""

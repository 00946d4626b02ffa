"""Forms of repair orders."""

"""Pages of complaints and answers."""

"""The repair order from intake to pickup."""

"""What is asked of orders."""

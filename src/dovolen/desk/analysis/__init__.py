"""What is known of the clients: snapshots of the base, their pages, their settings."""

"""What somebody has to do, and who is on shift."""

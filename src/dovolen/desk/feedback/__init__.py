"""What clients complain of, ask for and answer, and how they are met."""

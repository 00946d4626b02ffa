"""What the importer does, in a process of its own: read, check, load, undo; a piece at a time, so that it may die."""

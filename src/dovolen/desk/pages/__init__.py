"""Pages that stand above all: the first one after the log-in, and the gallery of components."""

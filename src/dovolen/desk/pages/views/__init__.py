"""Pages that stand above all apps, a file each."""

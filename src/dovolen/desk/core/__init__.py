"""The ground floor: home folder, journal, claims, worker, schedule, numbers, files. Knows no app above it."""

"""Django's SQLite backend over a current SQLite: systems ship older ones that can damage a WAL base."""

"""The analyst's work: making snapshots, refreshing clients. Brings the analytical engine: no server imports it."""

"""The demo: a centre of two places with staff, two years of history and a living day. Every person is invented."""

"""Staff, centres and roles; how people come in and what they may do."""

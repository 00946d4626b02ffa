"""Pages of messages, gateways, contacts and the inbox."""

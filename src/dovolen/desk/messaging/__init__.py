"""What the house and its clients say to each other: outbox, gateways, notices, answers, contacts."""

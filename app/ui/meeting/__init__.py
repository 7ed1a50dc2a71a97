"""The meeting workspace: the agenda, what is said, the round table, and the closing page."""

"""Settings, and the ruler for working days."""

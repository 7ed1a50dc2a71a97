"""A case: its children, family and network, meetings and dates."""

"""Keys and how they are kept."""

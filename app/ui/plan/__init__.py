"""The page of a child's plan."""

"""The page of the work that decisions set going."""

"""The page of all dates across the cases."""

"""Copies of the record in other forms."""

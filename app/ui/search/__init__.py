"""Searching everything that was written."""

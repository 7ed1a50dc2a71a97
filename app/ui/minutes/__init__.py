"""The minutes: looked at page by page, then signed and sealed."""

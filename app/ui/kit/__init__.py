"""Widgets and tools that know no meeting."""

"""Preparing a meeting in less than a minute and a half."""

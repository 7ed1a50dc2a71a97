"""Chairside: runs child protection meetings and keeps their record."""

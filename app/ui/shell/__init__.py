"""The window that joins the screens."""

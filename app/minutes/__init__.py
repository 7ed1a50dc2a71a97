"""From record to document, PDF, signature and verification."""

"""The first start: a passphrase, a recovery key, and who signs."""

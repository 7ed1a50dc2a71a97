"""The encrypted database: engine, sessions, migrations and the audit trail."""

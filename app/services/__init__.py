"""What a person can do: one function per act, one transaction per act."""

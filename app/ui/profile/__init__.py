"""Local rules: what a profile changes, where each rule comes from, and which of them new meetings run under."""

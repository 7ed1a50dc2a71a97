"""How the meeting is held: the chair's independence, the quorum, what is carried on, and several children together."""

"""Before the meeting: who is asked, what they are sent and write, and who is kept out."""

"""What the user can ask for; the window and the commands call only these."""

"""diagnosis and findings -> advice: what to do, in the user's words. Pure."""

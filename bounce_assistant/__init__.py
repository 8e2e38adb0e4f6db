"""Bounce Assistant: finds bounced mail, says why in plain words, and walks you through the fix."""

__version__ = "0.1.0"

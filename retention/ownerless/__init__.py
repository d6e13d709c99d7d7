"""Spaces that nobody owns: who in them could take over, who is asked, and what comes of it."""

"""Spaces that people end by hand: asked for, taken back, carried out, made anew."""

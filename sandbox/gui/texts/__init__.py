"""Texts in a language: coloured, checked while they are written, and their mistakes marked."""

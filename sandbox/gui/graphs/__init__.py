"""The states inside a node as a picture: laid out, drawn live, and followed step by step."""

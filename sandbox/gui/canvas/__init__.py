"""The canvas: the diagram drawn, alive, and edited by gestures."""

from sandbox.gui.canvas.view import Canvas

__all__ = ["Canvas"]

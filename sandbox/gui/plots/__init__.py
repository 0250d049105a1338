"""Live plots of a run: what is shown, how it is thinned out, and how it is drawn."""

"""The second engine: the present of a run, simulated request by request, to check the first."""

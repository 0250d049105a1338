"""The inspector: what is selected, its parameters, its live numbers and what can be done to it."""

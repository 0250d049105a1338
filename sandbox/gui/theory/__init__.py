"""The panel that lays theory and a simulation of single requests beside the run's figures."""

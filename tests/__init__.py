"""Tests of Architecture Sandbox, as a package of its own: some libraries install one so named."""

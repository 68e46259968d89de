"""Tests of the built-in plugins, and of plugins that misbehave."""

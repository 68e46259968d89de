"""The built-in plugins satisfy what every plugin must."""

from __future__ import annotations

from jiaoyan.testing import PluginConformance


class TestSubjects(PluginConformance):
    plugin = "subjects"


class TestSafety(PluginConformance):
    plugin = "safety"


class TestCredits(PluginConformance):
    plugin = "credits"

"""The sample school: rich enough to try everything on, made anew at will."""

from jiaoyan_tui.sample.making import make_sample

__all__ = ["make_sample"]

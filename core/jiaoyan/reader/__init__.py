"""The plan reader: from a plan as written to dated work, duties with a number, weekly slots, themes, groups and measures."""

from jiaoyan.reader.read import read_plans
from jiaoyan.reader.reading import DOUBTFUL, SURE, PlanReading, Reading
from jiaoyan.reader.sources import Source, decode, read_source
from jiaoyan.reader.words import Words

__all__ = ["DOUBTFUL", "SURE", "PlanReading", "Reading", "Source", "Words", "decode", "read_plans", "read_source"]

"""All that a plugin author imports. What stands here keeps its meaning within one number of the interface (`API`)."""

from __future__ import annotations

from jiaoyan.conditions import AllOf, AnyOf, Between, Condition, Exists, Has, In, Is, Not, Text, Under
from jiaoyan.errors import BadInput, Conflict, JiaoyanError, NotFound, Problem, Refused
from jiaoyan.host.contexts import Adopting, Bar, Changing, Chart, Charting, Reminder, Reminding, Sheet, Showing, Written
from jiaoyan.host.hooks import Hooks, collect, hook, veto
from jiaoyan.host.manifest import API
from jiaoyan.model.activities import HELD, WAS_HELD, Activity, Participant
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import WORK_LEVELS, Work
from jiaoyan.records import Ahead, Amount, Given, KindId, Long, Part, Private, Record, Ref, To, choice, plain
from jiaoyan.registers import Counts, Entry, Facet, Register, Rights
from jiaoyan.school import School
from jiaoyan.staff import Member, Staff
from jiaoyan.terms import Term, When, school_year
from jiaoyan.workflow import Step, Workflow

__all__ = [
    "API", "HELD", "WAS_HELD", "WORK_LEVELS", "Activity", "Adopting", "Ahead", "AllOf", "Amount", "AnyOf", "BadInput", "Bar",
    "Between", "Changing", "Chart", "Charting", "Clause", "Condition", "Conflict", "Counts", "Entry", "Exists", "Facet",
    "Given", "Group", "Has", "Hooks", "In", "Is", "JiaoyanError", "KindId", "Long", "Member", "Not", "NotFound", "Part",
    "Participant", "Plan", "Posting", "Private", "Problem", "Record", "Ref", "Refused", "Register", "Reminder", "Reminding",
    "Rights", "School", "Sheet", "Showing", "Staff", "Step", "Task", "Teacher", "Term", "Text", "To", "Under", "When", "Work",
    "Workflow", "Written", "choice", "collect", "hook", "plain", "school_year", "veto",
]

"""Who asks, and what they may do. All reading and writing passes here, through School."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from typing import Any, NamedTuple

from jiaoyan.conditions import Condition, Has, Is
from jiaoyan.errors import Problem, Refused
from jiaoyan.records import Private, bare_type
from jiaoyan.registers import Facet, Register

ROLES = {"admin": "管理员", "office": "教导处", "leader": "组长", "teacher": "教师", "reader": "只读"}
GRANTS: Mapping[str, frozenset[str]] = {
    "pass": frozenset({"admin", "office"}),
    "review": frozenset({"admin", "office", "leader"}),
    "private": frozenset({"admin", "office"}),
    "settings": frozenset({"admin"}),
    "repair": frozenset({"admin"}),
}
"""Rights that belong to no register: which roles have them."""


class Actor(NamedTuple):
    """An account (`unix:<name>`, `system`), the teacher it stands for, and its roles. Never read from the environment."""

    account: str
    teacher: str = ""
    roles: frozenset[str] = frozenset()

    def has(self, right: str) -> bool:
        return self.account == "system" or bool(self.roles & GRANTS.get(right, frozenset()))


SYSTEM = Actor("system", roles=frozenset({"admin"}))


def unix_account() -> str:
    """The account of the user that runs this process, by uid."""
    uid = os.getuid()
    try:
        return f"unix:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"unix:{uid}"


def may_read(actor: Actor, register: Register[Any]) -> bool:
    return actor is SYSTEM or bool(actor.roles & register.rights.read)


def may_write(actor: Actor, register: Register[Any], *documents: Mapping[str, Any] | None) -> bool:
    """May the actor write these versions (before, after) of a record of the register?"""
    if actor is SYSTEM or actor.roles & register.rights.write:
        return True
    if not (actor.teacher and actor.roles & register.rights.own):
        return False
    return all(_owns(actor, register, document) for document in documents if document is not None)


def _owns(actor: Actor, register: Register[Any], document: Mapping[str, Any]) -> bool:
    conditions: list[Condition] = []
    for path in register.rights.owner:
        conditions += [Is(field=path, value=actor.teacher), Has(field=path, value=actor.teacher)]
    return any(condition(document) for condition in conditions)


def require_read(actor: Actor, register: Register[Any]) -> None:
    """Raises Refused."""
    if not may_read(actor, register):
        raise Refused(Problem(register.title, "没有查看的权限", "请联系管理员"))


def require(actor: Actor, right: str, what: str) -> None:
    """Raises Refused when the actor lacks a right that belongs to no register."""
    if not actor.has(right):
        roles = "、".join(ROLES[role] for role in sorted(GRANTS.get(right, ())))
        raise Refused(Problem(what, "没有这项权限", f"需要角色:{roles}"))


def private_fields(owner: Register[Any] | Facet[Any]) -> tuple[str, ...]:
    """The top-level fields that are personal."""
    return tuple(
        name
        for name, info in owner.model.model_fields.items()
        if any(isinstance(mark, Private) for mark in bare_type(info.annotation, list(info.metadata))[1])
    )


def masked(document: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """The document with personal fields emptied."""
    return {key: "" if key in fields and value else value for key, value in document.items()}

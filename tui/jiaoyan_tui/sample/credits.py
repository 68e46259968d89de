"""The credit scheme in force and what teachers have claimed. Nothing where the plugin is not installed."""

from __future__ import annotations

from datetime import date

from jiaoyan_tui.sample.scene import Scene

NEW = 1
"""Years in service up to which somebody goes to the training for new teachers."""
REFUSED = "证明材料与姓名不符,请补交原件"


def claim_credits(scene: Scene) -> None:
    """The choice of a scheme, and a claim or two from most teachers: recognised, waiting, a few refused."""
    choices, claims = scene.register("credits.choice"), scene.register("credits.claim")
    if choices is None or claims is None:
        return
    words = scene.words["credits"]
    refused = []
    with scene.school.change("示例:学分方案与申报") as change:
        first = date(scene.term.first.year - 1, 2, 1)
        change.save(scene.made(choices, scheme=words["scheme"], first=first, note=words["note"]))
        for teacher in scene.on_duty():
            years = scene.staff.members[teacher].facts["seniority"]
            for line in words["claims"]:
                newcomer = line["title"].startswith("新任教师")
                if newcomer != (years is not None and years <= NEW) or scene.random.random() < 0.55:
                    continue
                chance = scene.random.random()
                claim = scene.made(
                    claims, teacher=teacher, day=scene.random.choice(scene.past()),
                    state="recognised" if chance < 0.6 else "declared", **line,
                )
                change.save(claim)
                if chance > 0.95:
                    refused.append(claim.id)
    with scene.school.change("示例:学分审核") as change:
        for id in refused:
            change.save(scene.school.records(claims).get(id).but(state="refused", reason=REFUSED))

"""Reward for gantry-crane.

Memory that holds nothing until the first step is over.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step, with the memory that the step before returned; begin with MEMORY:

    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory=memory)

Reads:

    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["mark"] scalar, m
    next_obs["hooked"] scalar, boolean
    terminated scalar

Components: shaping, change, oldest. The total is their sum.
"""

import json
import sys

PARAMS = {
    "gain": 2.0,
}
MEMORY = {
    "before": 0.0,
    "beforeHeld": 0.0,
    "pace": 0.0,
    "paceHeld": 0.0,
    "steps": 0.0,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS, memory=MEMORY):
    has_before = abs(memory["beforeHeld"]) > 0.0
    has_pace = abs(memory["paceHeld"]) > 0.0
    trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    mark = float(next_obs["mark"])
    hooked = bool(next_obs["hooked"])
    gap = abs(trolley - mark)
    not_has_before = not has_before
    change = abs(trolley_speed - memory["pace"]) if has_pace else 0.0
    oldest = memory["before"] if has_before else gap
    not_hooked = not hooked
    if terminated:
        shaping = -1.0
        change2 = change
        oldest2 = oldest
    else:
        shaping2 = 0.0 if not_has_before else memory["before"] - gap
        if not_hooked:
            shaping = shaping2
            change2 = 0.0
            oldest2 = oldest
        else:
            shaping = params["gain"] * shaping2
            change2 = -change
            oldest2 = 0.1 * oldest
    terminated_or_not_hooked = terminated or not_hooked
    components = {
        "shaping": shaping,
        "change": change2,
        "oldest": oldest2,
    }
    total = components["shaping"] + components["change"] + components["oldest"]
    memory = {
        "before": (
            0.0 if terminated else (memory["before"] if has_before else 0.0) if not_hooked else gap
        ),
        "beforeHeld": 0.0 if terminated or not_hooked and not_has_before else 1.0,
        "pace": (
            (memory["pace"] if has_pace else 0.0) if terminated_or_not_hooked else trolley_speed
        ),
        "paceHeld": (1.0 if has_pace else 0.0) if terminated_or_not_hooked else 1.0,
        "steps": memory["steps"] if terminated else memory["steps"] + 1.0,
    }
    return total, components, memory


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return float(value) if isinstance(value, str) else value


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for episode in episodes:
        memory = MEMORY
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components, memory = reward(*step, memory=memory)
            found = {**components, "total": total}
            for name, got in found.items():
                expected = float(row["total"] if name == "total" else row["components"][name])
                if not is_close(got, expected, row.get("scale", {}).get(name, 0.0)):
                    faults.append(f"row {rows}: {name} is {got!r}, expected {expected!r}")
            rows += 1
    return rows, faults


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PARITY.json")
    count, differences = check_parity(sys.argv[1])
    for difference in differences:
        print(difference)
    print(f"{count} rows, {len(differences)} differences")
    sys.exit(1 if differences else 0)

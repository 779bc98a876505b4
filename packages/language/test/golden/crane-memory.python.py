"""Reward for gantry-crane.

Pays for the longest rest over the mark; switching direction costs.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step, with the memory that the step before returned; begin with MEMORY:

    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory=memory)

Reads:

    action scalar
    obs["trolley"] scalar, m: Trolley position
    obs["swing"] scalar, rad: Angle of the rope from the vertical
    obs["mark"] scalar, m
    obs["rope"] scalar, m
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m
    terminated scalar

Components: shaping, rest, switching. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "gamma": 0.99,
    "restWeight": 0.2,
    "longest": 40.0,
    "switchCost": 0.05,
    "shaping": 1.0,
}
MEMORY = {
    "rest": 0.0,
    "best": 0.0,
    "lastAction": -1.0,
}
REST_SPEED = 0.05


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS, memory=MEMORY):
    action = float(action)
    obs_trolley = float(obs["trolley"])
    obs_swing = float(obs["swing"])
    obs_mark = float(obs["mark"])
    obs_rope = float(obs["rope"])
    next_trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    next_mark = float(next_obs["mark"])
    resting = abs(trolley_speed) < REST_SPEED and abs(next_trolley - next_mark) < 0.3
    rest = minimum(memory["rest"] + 1.0, params["longest"]) if resting else 0.0
    best = maximum(memory["best"], rest)
    switched = memory["lastAction"] > 0.0 and action > 0.0 and action != memory["lastAction"]
    if terminated:
        chosen = 0.0
    else:
        next_swing = float(next_obs["swing"])
        next_rope = float(next_obs["rope"])
        chosen = -params["shaping"] * abs(next_trolley + next_rope * sin(next_swing) - next_mark)
    components = {
        "shaping": (
            params["gamma"] * chosen
            + params["shaping"] * abs(obs_trolley + obs_rope * sin(obs_swing) - obs_mark)
        ),
        "rest": params["restWeight"] * (best - memory["best"]),
        "switching": -params["switchCost"] if switched else 0.0,
    }
    total = components["shaping"] + components["rest"] + components["switching"]
    memory = {
        "rest": rest,
        "best": best,
        "lastAction": memory["lastAction"] if action == 0.0 else action,
    }
    return total, components, memory


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def sin(x):
    return math.sin(x) if math.isfinite(x) else math.nan


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

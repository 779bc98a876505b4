"""Reward for table-arm.

Potential shaping with a nested memory and a record of the highest lift.

Task: Pick a block up and set it down upright on a target.

Call once per step, with the memory that the step before returned; begin with MEMORY:

    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory=memory)

Reads:

    obs["hand"] 3 entries, m
    obs["block"] 3 entries, m
    obs["target"] 3 entries, m
    next_obs["hand"] 3 entries, m
    next_obs["block"] 3 entries, m
    next_obs["target"] 3 entries, m
    next_obs["grip"] scalar, N
    next_obs["holding"] scalar, boolean
    terminated scalar
    truncated scalar

Components: shaping, record, jerk, held. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "gamma": 0.98,
    "weights.hand": 1.0,
    "weights.block": 2.0,
    "record": 5.0,
    "jerk.0": 0.02,
    "jerk.1": 0.01,
}
MEMORY = {
    "highest": 0.0,
    "heldFor": 0.0,
    "lastGrip": 0.0,
}
REACH = 0.9


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS, memory=MEMORY):
    obs_hand = [float(x) for x in obs["hand"]]
    obs_block = [float(x) for x in obs["block"]]
    obs_target = [float(x) for x in obs["target"]]
    next_block = [float(x) for x in next_obs["block"]]
    grip = float(next_obs["grip"])
    holding = bool(next_obs["holding"])
    done = terminated and not truncated
    if done:
        after = 0.0
    else:
        next_hand = [float(x) for x in next_obs["hand"]]
        next_target = [float(x) for x in next_obs["target"]]
        to_block = distance(next_hand, next_block) / REACH
        to_target = distance(next_block, next_target) / REACH
        after = -params["weights.hand"] * minimum(1.0, to_block) - params[
            "weights.block"
        ] * minimum(1.0, to_target)
    if holding:
        highest2 = next_block[2]
        held_for = memory["heldFor"] + 1.0
        highest = highest2 if highest2 > memory["highest"] else memory["highest"]
    else:
        held_for = 0.0
        highest = memory["highest"]
    change = abs(grip - memory["lastGrip"])
    to_block2 = distance(obs_hand, obs_block) / REACH
    to_target2 = distance(obs_block, obs_target) / REACH
    components = {
        "shaping": (
            params["gamma"] * after
            - (
                -params["weights.hand"] * minimum(1.0, to_block2)
                - params["weights.block"] * minimum(1.0, to_target2)
            )
        ),
        "record": params["record"] * (highest - memory["highest"]),
        "jerk": -(params["jerk.1"] if change > 5.0 else params["jerk.0"]) * change,
        "held": 1.0 if held_for > 10.0 else 0.0,
    }
    total = components["shaping"] + components["record"] + components["jerk"] + components["held"]
    memory = {
        "highest": highest,
        "heldFor": held_for,
        "lastGrip": grip,
    }
    return total, components, memory


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def dot(a, b):
    return add_up(x * y for x, y in zip(a, b))


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def norm(v):
    return sqrt(dot(v, v))


def distance(a, b):
    return norm([x - y for x, y in zip(a, b)])


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


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

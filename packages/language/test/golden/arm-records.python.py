"""Reward for table-arm.

Records, spreads and computed names: one component for each segment of the arm.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["block"] 3 entries, m
    next_obs["grip"] scalar, N
    next_obs["holding"] scalar, boolean

Components: lift, shoulderEffort, elbowEffort, wristEffort, squeeze. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "shoulder": 0.02,
    "elbow": 0.01,
    "wrist": 0.005,
    "lift": 1.0,
}
TABLE_HEIGHT = 0.1
REACH = 0.9


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    grip = float(next_obs["grip"])
    holding = bool(next_obs["holding"])
    values = action[:2]
    values2 = action[2:4]
    values3 = action[4:6]
    if holding:
        block = [float(x) for x in next_obs["block"]]
        height = block[2]
        lift = clamp((height - TABLE_HEIGHT) / REACH, 0.0, 1.0)
    else:
        lift = 0.0
    components = {
        "lift": params["lift"] * lift,
        "shoulderEffort": -params["shoulder"] * (add_up(v * v for v in values) / 2.0),
        "elbowEffort": -params["elbow"] * (add_up(v2 * v2 for v2 in values2) / 2.0),
        "wristEffort": -params["wrist"] * (add_up(v3 * v3 for v3 in values3) / 2.0),
        "squeeze": -(grip - 20.0) / 10.0 if grip > 20.0 else 0.0,
    }
    total = (
        components["lift"]
        + components["shoulderEffort"]
        + components["elbowEffort"]
        + components["wristEffort"]
        + components["squeeze"]
    )
    return total, components


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def clamp(x, low, high):
    return minimum(maximum(x, low), high)


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


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
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components = reward(*step)
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

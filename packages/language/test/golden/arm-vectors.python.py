"""Reward for table-arm.

Vectors all the way: helpers that take and give vectors, filters, masks.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    obs["hand"] 3 entries, m
    next_obs["jointSpeeds"] 6 entries, rad/s
    next_obs["hand"] 3 entries, m
    next_obs["block"] 3 entries, m
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["touch"] 2 entries, flag

Components: close, aligned, crowd, contacts, spread, steady, effort. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "close": 1.0,
    "aligned": 0.5,
    "crowd": 0.1,
    "spread": 0.2,
    "steady": 0.05,
}
GEARS = [50.0, 50.0, 40.0, 20.0, 20.0, 10.0]


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    obs_hand = [float(x) for x in obs["hand"]]
    joint_speeds = [float(x) for x in next_obs["jointSpeeds"]]
    next_hand = [float(x) for x in next_obs["hand"]]
    block = [float(x) for x in next_obs["block"]]
    range_ = [float(x) for x in next_obs["range"]]
    touch = [float(x) for x in next_obs["touch"]]
    to_block = [value - value2 for value, value2 in zip(block, next_hand)]
    moved = [value2 - x for value2, x in zip(next_hand, obs_hand)]
    length = norm(to_block)
    length2 = norm(moved)
    aligned = dot(
        [value3 * divide(1.0, length) for value3 in to_block]
        if length > 0.000001
        else [0.0, 0.0, 0.0],
        [value4 * divide(1.0, length2) for value4 in moved]
        if length2 > 0.000001
        else [0.0, 0.0, 0.0],
    )
    # Beams that see something close, and how close.
    crowding = add_up((0.6 - r) / 0.6 if r < 0.6 else 0.0 for r in range_)
    contacts = add_up(float(abs(x2) > 0.0) for x2 in touch)
    nearest = minimum(*range_)
    spread = maximum(*range_) - nearest
    abs_ = [abs(w) for w in joint_speeds]
    all_slow = all(x3 < 0.5 for x3 in abs_)
    if all_slow:
        steady = params["steady"]
    else:
        any_fast = any(x3 * x4 > 100.0 for x3, x4 in zip(abs_, GEARS))
        steady = -params["steady"] if any_fast else 0.0
    components = {
        "close": -params["close"] * length,
        "aligned": params["aligned"] * aligned,
        "crowd": -params["crowd"] * crowding,
        "contacts": 1.0 if contacts >= 2.0 else contacts / 2.0,
        "spread": params["spread"] * minimum(1.0, spread),
        "steady": steady,
        "effort": -0.01 * mean([abs(x5) for x5 in action]),
    }
    total = (
        components["close"]
        + components["aligned"]
        + components["crowd"]
        + components["contacts"]
        + components["spread"]
        + components["steady"]
        + components["effort"]
    )
    return total, components


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


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


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


def mean(v):
    return add_up(v) / len(v)


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

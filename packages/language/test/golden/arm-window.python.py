"""Reward for table-arm.

Beams within a window that may be tuned, and shares of a sum that may be nothing.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["touch"] 2 entries, flag
    next_obs["grip"] scalar, N
    next_obs["holding"] scalar, boolean

Components: blocked, behind, spread, even, grasp. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "window": 4.0,
    "skip": 1.0,
    "near": 0.5,
    "spread": 0.1,
    "even": 0.2,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    range_ = [float(x) for x in next_obs["range"]]
    holding = bool(next_obs["holding"])
    trunc_ = trunc(params["window"])
    condition = [
        x < trunc_ + (10.0 if trunc_ < 0.0 else 0.0)
        for x in [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    ]
    trunc_2 = trunc(params["skip"] - 6.0)
    condition2 = [
        not x2 < trunc_2 + (10.0 if trunc_2 < 0.0 else 0.0)
        for x2 in [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    ]
    blocked = add_up(float(x3 and r < params["near"]) for x3, r in zip(condition, range_))
    total_ = add_up(range_)
    shares = [divide(r, total_) if total_ > 0.0 else 0.0 for r in range_]
    spread = add_up(-(p * log(p) if p > 0.0 else 0.0) for p in shares)
    effort = norm(action)
    if effort > 0.1:
        part = [divide(a, effort) for a in action]
        even = [part2 * part2 for part2 in part]
    else:
        even = [0.0] * 6
    subtotal = add_up(float(x4) for x4 in condition2)
    if holding:
        touch = [float(x) for x in next_obs["touch"]]
        grip = float(next_obs["grip"])
        a2 = touch[0]
        b = touch[1]
        b2 = grip / 30.0
        if a2 - b > 0.0:
            a3 = b
            a4 = a2
        else:
            a3 = a2
            a4 = b
        if a4 - b2 > 0.0:
            b3 = b2
            middle = a4
        else:
            b3 = a4
            middle = b2
        low = a3 if a3 - b3 > 0.0 else b3
        grasp = middle - low
    else:
        grasp = 0.0
    components = {
        "blocked": -blocked / maximum(add_up(float(x3) for x3 in condition), 1.0),
        "behind": (
            divide(add_up(x5 if x4 else 0.0 for x4, x5 in zip(condition2, range_[:9])), subtotal)
            if subtotal > 0.0
            else 0.0
        ),
        "spread": params["spread"] * spread,
        "even": -params["even"] * maximum(*even),
        "grasp": grasp,
    }
    total = (
        components["blocked"]
        + components["behind"]
        + components["spread"]
        + components["even"]
        + components["grasp"]
    )
    return total, components


def trunc(x):
    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def log(x):
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


def dot(a, b):
    return add_up(x * y for x, y in zip(a, b))


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def norm(v):
    return sqrt(dot(v, v))


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


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

"""Reward for gantry-crane.

What an action is worth depends on where the load hangs.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action scalar
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["mark"] scalar, m
    next_obs["touching"] scalar, boolean

Components: worth, release. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "push": 1.0,
    "idle": 0.1,
    "release": 5.0,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = float(action)
    trolley = float(next_obs["trolley"])
    mark = float(next_obs["mark"])
    side = sign(trolley - mark)
    action_is_3 = action == 3.0
    if action_is_3:
        touching = bool(next_obs["touching"])
        release = params["release"] * (1.0 if touching else -1.0)
    else:
        release = 0.0
    if action == 1.0:
        worth = params["push"] if side > 0.0 else -params["push"]
    elif action == 2.0:
        worth = params["push"] if side < 0.0 else -params["push"]
    else:
        condition = abs(side) < 0.1
        action_is_0 = action == 0.0
        condition2 = action_is_3 and condition
        condition3 = not (condition2 or action_is_0 and condition)
        worth = (
            -params["idle"]
            if not condition2 and action_is_3 or condition3 and action_is_0
            else 0.0
            if condition3
            else params["idle"]
        )
    components = {
        "worth": worth,
        "release": release,
    }
    total = components["worth"] + components["release"]
    return total, components


def sign(x):
    return x if x == 0.0 or x != x else math.copysign(1.0, x)


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

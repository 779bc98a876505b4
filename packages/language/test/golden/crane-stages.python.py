"""Reward for gantry-crane.

One stage at a time: pick up, carry, settle, release.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action scalar
    obs["trolley"] scalar, m: Trolley position
    obs["mark"] scalar, m
    obs["hooked"] scalar, boolean
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m
    next_obs["hooked"] scalar, boolean
    next_obs["touching"] scalar, boolean
    terminated scalar

Components: task, shaping, time. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "pickUp": 1.0,
    "carry": 2.0,
    "settle": 0.5,
    "release": 20.0,
    "drop": 10.0,
    "time": 0.01,
}
# m
NEAR = 0.25
GRAVITY = 9.81
RELEASE = 3.0


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_hooked = bool(obs["hooked"])
    next_trolley = float(next_obs["trolley"])
    next_mark = float(next_obs["mark"])
    next_hooked = bool(next_obs["hooked"])
    time = -params["time"]
    not_next_hooked = not next_hooked
    distance_to_mark = abs(next_trolley - next_mark)
    distance_to_mark_above_near = distance_to_mark > NEAR
    # The load came off somewhere else.
    if obs_hooked and not_next_hooked and distance_to_mark_above_near:
        task = -params["drop"]
        shaping = 0.0
    elif terminated:
        action = float(action)
        task = params["release"] if action == RELEASE else -params["drop"]
        shaping = 0.0
    else:
        if not_next_hooked:
            touching = bool(next_obs["touching"])
            shaping = params["pickUp"] * (1.0 if touching else 0.2)
        elif distance_to_mark_above_near:
            obs_trolley = float(obs["trolley"])
            obs_mark = float(obs["mark"])
            rope = float(next_obs["rope"])
            # Carry, but not faster than the rope can take.
            closing = abs(obs_trolley - obs_mark) - distance_to_mark
            limit = sqrt(GRAVITY * rope) * 0.05
            shaping = params["carry"] * clamp(closing, -limit, limit)
        else:
            trolley_speed = float(next_obs["trolleySpeed"])
            swing_rate = float(next_obs["swingRate"])
            still = 1.0 / (1.0 + abs(swing_rate) + abs(trolley_speed))
            shaping = params["settle"] * still
        task = 0.0
    components = {
        "task": task,
        "shaping": shaping,
        "time": time,
    }
    total = components["task"] + components["shaping"] + components["time"]
    return total, components


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


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

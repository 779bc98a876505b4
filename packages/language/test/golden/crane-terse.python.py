"""Reward for gantry-crane.

Bring the load over the mark and let it hang still.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action scalar
    obs["trolley"] scalar, m: Trolley position
    obs["mark"] scalar, m
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m

Components: near, still, effort, progress. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "near": 1.0,
    "still": 0.5,
    "effort": 0.02,
}
RAIL_HALF = 5.0


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = float(action)
    obs_trolley = float(obs["trolley"])
    obs_mark = float(obs["mark"])
    next_trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    swing = float(next_obs["swing"])
    swing_rate = float(next_obs["swingRate"])
    next_mark = float(next_obs["mark"])
    rope = float(next_obs["rope"])
    load = next_trolley + rope * sin(swing)
    components = {
        "near": -params["near"] * abs(load - next_mark) / RAIL_HALF,
        "still": -params["still"] * (swing_rate * swing_rate + trolley_speed * trolley_speed),
        "effort": (
            -params["effort"]
            * (
                0.0
                if action == 0.0
                else 0.2
                if action == 1.0 or action == 2.0
                else 1.0
                if action == 3.0
                else math.nan
            )
        ),
        "progress": abs(obs_trolley - obs_mark) - abs(next_trolley - next_mark),
    }
    total = components["near"] + components["still"] + components["effort"] + components["progress"]
    return total, components


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

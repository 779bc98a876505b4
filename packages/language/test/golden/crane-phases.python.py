"""Reward for gantry-crane.

Phases by name: what pays depends on the phase, and a change of phase pays by where it came from.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action scalar
    obs["trolley"] scalar, m: Trolley position
    obs["swing"] scalar, rad: Angle of the rope from the vertical
    obs["mark"] scalar, m
    obs["hooked"] scalar, boolean
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m
    next_obs["hooked"] scalar, boolean
    next_obs["touching"] scalar, boolean

Components: phase, change, push, touch, known, heard. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "pace": 0.4,
    "settle": 0.7,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = float(action)
    obs_hooked = bool(obs["hooked"])
    next_trolley = float(next_obs["trolley"])
    next_swing = float(next_obs["swing"])
    next_mark = float(next_obs["mark"])
    next_hooked = bool(next_obs["hooked"])
    touching = bool(next_obs["touching"])
    not_next_hooked = not next_hooked
    condition = abs(next_swing) > 0.3
    condition2 = abs(next_trolley - next_mark) < 0.2
    action_is_0 = action == 0.0
    action_is_1 = action == 1.0
    action_is_2 = action == 2.0
    condition3 = not condition
    condition4 = next_hooked and condition3 and condition2
    if not_next_hooked:
        phase = -0.1
    elif condition:
        swing_rate = float(next_obs["swingRate"])
        phase = -abs(swing_rate) * params["settle"]
    elif condition2:
        phase = 1.0
    else:
        trolley_speed = float(next_obs["trolleySpeed"])
        phase = params["pace"] * abs(trolley_speed)
    if not obs_hooked:
        change = 0.0
    else:
        obs_swing = float(obs["swing"])
        condition5 = not_next_hooked or condition or condition2
        if abs(obs_swing) > 0.3:
            change = 0.0 if condition5 else 0.5
        else:
            obs_trolley = float(obs["trolley"])
            obs_mark = float(obs["mark"])
            change = (
                (0.0 if condition5 else -1.0)
                if abs(obs_trolley - obs_mark) < 0.2
                else 1.0
                if condition4
                else 0.0
            )
    components = {
        "phase": phase,
        "change": change,
        "push": (
            (
                0.3
                if not any(action == x for x in [0.0, 1.0, 2.0])
                else 0.0
                if action_is_0
                else -1.0
                if action_is_1
                else 1.0
                if action_is_2
                else math.nan
            )
            * sign(next_mark - next_trolley)
        ),
        "touch": (
            0.2
            if touching and next_hooked
            else ((7.0 if next_hooked else 8.0) if touching else 8.0 if next_hooked else 9.0) * 0.01
        ),
        "known": float(condition4 or next_hooked and condition3 and not condition2),
        "heard": (
            (2.0 if condition4 else -2.0)
            if not action_is_0 and not action_is_1 and not action_is_2 and action == 3.0
            else 0.01
            if action_is_0
            else -0.01
        ),
    }
    total = (
        components["phase"]
        + components["change"]
        + components["push"]
        + components["touch"]
        + components["known"]
        + components["heard"]
    )
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

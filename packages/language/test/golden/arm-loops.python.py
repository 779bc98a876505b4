"""Reward for table-arm.

Costs that are summed over joints and beams, written as loops.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["joints"] 6 entries, rad: Joint angles, base first
    next_obs["jointSpeeds"] 6 entries, rad/s
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["lastAction"] 6 entries

Components: power, limits, smooth, clear, pose. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "power": 0.001,
    "limits": 0.2,
    "smooth": 0.05,
    "clear": 0.4,
    "near": 0.3,
}
REST_POSE = [0.0, -0.6, 1.2, 0.0, 0.5, 0.0]
GEARS = [50.0, 50.0, 40.0, 20.0, 20.0, 10.0]


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    joints = [float(x) for x in next_obs["joints"]]
    joint_speeds = [float(x) for x in next_obs["jointSpeeds"]]
    range_ = [float(x) for x in next_obs["range"]]
    last_action = [float(x) for x in next_obs["lastAction"]]
    excess = [
        abs(q) - x
        for q, x in zip(
            joints, [2.3400000000000003, 1.8, 2.3400000000000003, 1.8, 2.3400000000000003, 2.7]
        )
    ]
    range_0 = range_[0]
    range_0_above_1 = range_0 > 1.0
    blocked = 0.0 if range_0_above_1 or range_0 > 0.5 else 1.0
    if range_0_above_1:
        blocked2 = blocked
    else:
        range_1 = range_[1]
        range_1_above_1 = range_1 > 1.0
        blocked3 = blocked if range_1_above_1 or range_1 > 0.5 else blocked + 0.5
        if range_1_above_1:
            blocked2 = blocked3
        else:
            range_2 = range_[2]
            range_2_above_1 = range_2 > 1.0
            blocked4 = (
                blocked3 if range_2_above_1 or range_2 > 0.5 else blocked3 + 0.3333333333333333
            )
            if range_2_above_1:
                blocked2 = blocked4
            else:
                range_3 = range_[3]
                range_3_above_1 = range_3 > 1.0
                blocked5 = blocked4 if range_3_above_1 or range_3 > 0.5 else blocked4 + 0.25
                if range_3_above_1:
                    blocked2 = blocked5
                else:
                    range_4 = range_[4]
                    range_4_above_1 = range_4 > 1.0
                    blocked6 = blocked5 if range_4_above_1 or range_4 > 0.5 else blocked5 + 0.2
                    if range_4_above_1:
                        blocked2 = blocked6
                    else:
                        range_5 = range_[5]
                        range_5_above_1 = range_5 > 1.0
                        blocked7 = (
                            blocked6
                            if range_5_above_1 or range_5 > 0.5
                            else blocked6 + 0.16666666666666666
                        )
                        if range_5_above_1:
                            blocked2 = blocked7
                        else:
                            range_6 = range_[6]
                            range_6_above_1 = range_6 > 1.0
                            blocked8 = (
                                blocked7
                                if range_6_above_1 or range_6 > 0.5
                                else blocked7 + 0.14285714285714285
                            )
                            if range_6_above_1:
                                blocked2 = blocked8
                            else:
                                range_7 = range_[7]
                                range_7_above_1 = range_7 > 1.0
                                blocked9 = (
                                    blocked8
                                    if range_7_above_1 or range_7 > 0.5
                                    else blocked8 + 0.125
                                )
                                if range_7_above_1:
                                    blocked2 = blocked9
                                else:
                                    range_8 = range_[8]
                                    range_8_above_1 = range_8 > 1.0
                                    blocked10 = (
                                        blocked9
                                        if range_8_above_1 or range_8 > 0.5
                                        else blocked9 + 0.1111111111111111
                                    )
                                    range_9 = range_[9]
                                    blocked2 = (
                                        blocked10
                                        if range_8_above_1 or range_9 > 1.0 or range_9 > 0.5
                                        else blocked10 + 0.1
                                    )
    pose = sqrt(add_up(square(q - x2) for q, x2 in zip(joints, REST_POSE)))
    components = {
        "power": (
            -params["power"]
            * add_up(abs(x3 * x4) * x5 for x3, x4, x5 in zip(action, joint_speeds, GEARS))
        ),
        "limits": -params["limits"] * add_up(x6 if x6 > 0.0 else 0.0 for x6 in excess),
        "smooth": (
            -params["smooth"] * add_up(square(x3 - x7) for x3, x7 in zip(action, last_action))
        ),
        "clear": -params["clear"] * blocked2,
        "pose": -params["near"] * pose,
    }
    total = (
        components["power"]
        + components["limits"]
        + components["smooth"]
        + components["clear"]
        + components["pose"]
    )
    return total, components


def square(x):
    return x * x


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


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

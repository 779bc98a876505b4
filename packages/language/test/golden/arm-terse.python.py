"""Reward for table-arm.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["hand"] 3 entries, m
    next_obs["block"] 3 entries, m
    next_obs["blockTurn"] 4 entries, quaternion
    next_obs["targetTurn"] 4 entries, quaternion
    next_obs["holding"] scalar, boolean

Components: reach, lift, turn, effort. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "reach": 1.0,
    "lift": 2.0,
    "turn": 0.3,
    "effort": 0.01,
}
TABLE_HEIGHT = 0.1


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    hand = [float(x) for x in next_obs["hand"]]
    block = [float(x) for x in next_obs["block"]]
    block_turn = [float(x) for x in next_obs["blockTurn"]]
    target_turn = [float(x) for x in next_obs["targetTurn"]]
    holding = bool(next_obs["holding"])
    components = {
        "reach": params["reach"] / (1.0 + 10.0 * square(distance(hand, block))),
        "lift": params["lift"] * maximum(0.0, block[2] - TABLE_HEIGHT) if holding else 0.0,
        "turn": params["turn"] * (1.0 - quat_angle(block_turn, target_turn) / math.pi),
        "effort": -params["effort"] * dot(action, action),
    }
    total = components["reach"] + components["lift"] + components["turn"] + components["effort"]
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


def distance(a, b):
    return norm([x - y for x, y in zip(a, b)])


def square(x):
    return x * x


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def quat_mul(a, b):
    """Hamilton product of quaternions w, x, y, z: first b, then a."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return [
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    ]


def quat_conjugate(q):
    w, x, y, z = q
    return [w, -x, -y, -z]


def quat_angle(a, b):
    """Angle of the rotation between two orientations, in [0, pi], whatever their signs."""
    w, x, y, z = quat_mul(quat_conjugate(a), b)
    return 2.0 * math.atan2(norm([x, y, z]), abs(w))


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

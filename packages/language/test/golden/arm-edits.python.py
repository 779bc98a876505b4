"""Reward for table-arm.

New vectors may be changed where they stand; fields may not.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["joints"] 6 entries, rad: Joint angles, base first
    next_obs["hand"] 3 entries, m
    next_obs["block"] 3 entries, m
    next_obs["target"] 3 entries, m
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["grip"] scalar, N
    next_obs["holding"] scalar, boolean

Components: error, same, pair, axis, ranked, arms, back. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "lift": 2.0,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    joints = [float(x) for x in next_obs["joints"]]
    hand = [float(x) for x in next_obs["hand"]]
    block = [float(x) for x in next_obs["block"]]
    target = [float(x) for x in next_obs["target"]]
    range_ = [float(x) for x in next_obs["range"]]
    grip = float(next_obs["grip"])
    holding = bool(next_obs["holding"])
    error = [x - x2 for x, x2 in zip(hand, target)]
    term = error[2] * params["lift"]
    chosen = 0.0 if holding else error[0]
    term2 = error[1] + 0.5
    axis = cross(hand, block)
    range_0 = range_[0]
    range_1 = range_[1]
    range_2 = range_[2]
    range_3 = range_[3]
    range_4 = range_[4]
    range_5 = range_[5]
    range_6 = range_[6]
    range_7 = range_[7]
    range_8 = range_[8]
    range_9 = range_[9]
    if range_1 - range_0 > 0.0:
        a = range_1
        a2 = range_0
    else:
        a = range_0
        a2 = range_1
    if range_3 - range_2 > 0.0:
        b = range_3
        a3 = range_2
    else:
        b = range_2
        a3 = range_3
    if range_5 - range_4 > 0.0:
        b2 = range_5
        a4 = range_4
    else:
        b2 = range_4
        a4 = range_5
    if range_7 - range_6 > 0.0:
        b3 = range_7
        a5 = range_6
    else:
        b3 = range_6
        a5 = range_7
    if range_9 - range_8 > 0.0:
        b4 = range_9
        b5 = range_8
    else:
        b4 = range_8
        b5 = range_9
    if b - a2 > 0.0:
        b6 = b
        a6 = a2
    else:
        b6 = a2
        a6 = b
    if b2 - a3 > 0.0:
        b7 = b2
        a7 = a3
    else:
        b7 = a3
        a7 = b2
    if b3 - a4 > 0.0:
        b8 = b3
        a8 = a4
    else:
        b8 = a4
        a8 = b3
    if b4 - a5 > 0.0:
        b9 = b4
        a9 = a5
    else:
        b9 = a5
        a9 = b4
    if b6 - a > 0.0:
        a10 = b6
        a11 = a
    else:
        a10 = a
        a11 = b6
    if b7 - a6 > 0.0:
        b10 = b7
        a12 = a6
    else:
        b10 = a6
        a12 = b7
    if b8 - a7 > 0.0:
        b11 = b8
        a13 = a7
    else:
        b11 = a7
        a13 = b8
    if b9 - a8 > 0.0:
        b12 = b9
        a14 = a8
    else:
        b12 = a8
        a14 = b9
    b13 = b5 if b5 - a9 > 0.0 else a9
    if b10 - a11 > 0.0:
        b14 = b10
        a15 = a11
    else:
        b14 = a11
        a15 = b10
    if b11 - a12 > 0.0:
        b15 = b11
        a16 = a12
    else:
        b15 = a12
        a16 = b11
    if b12 - a13 > 0.0:
        b16 = b12
        a17 = a13
    else:
        b16 = a13
        a17 = b12
    b17 = b13 if b13 - a14 > 0.0 else a14
    if b14 - a10 > 0.0:
        a18 = b14
        a19 = a10
    else:
        a18 = a10
        a19 = b14
    if b15 - a15 > 0.0:
        b18 = b15
        a20 = a15
    else:
        b18 = a15
        a20 = b15
    if b16 - a16 > 0.0:
        b19 = b16
        a21 = a16
    else:
        b19 = a16
        a21 = b16
    b20 = b17 if b17 - a17 > 0.0 else a17
    if b18 - a19 > 0.0:
        b21 = b18
        a22 = a19
    else:
        b21 = a19
        a22 = b18
    if b19 - a20 > 0.0:
        b22 = b19
        a23 = a20
    else:
        b22 = a20
        a23 = b19
    b23 = b20 if b20 - a21 > 0.0 else a21
    if b21 - a18 > 0.0:
        a24 = b21
        a25 = a18
    else:
        a24 = a18
        a25 = b21
    if b22 - a22 > 0.0:
        b24 = b22
        a26 = a22
    else:
        b24 = a22
        a26 = b22
    b25 = b23 if b23 - a23 > 0.0 else a23
    if b24 - a25 > 0.0:
        b26 = b24
        a27 = a25
    else:
        b26 = a25
        a27 = b24
    b27 = b25 if b25 - a26 > 0.0 else a26
    if b26 - a24 > 0.0:
        chosen2 = b26
        a28 = a24
    else:
        chosen2 = a24
        a28 = b26
    b28 = b27 if b27 - a27 > 0.0 else a27
    term3 = chosen2 - (b28 if b28 - a28 > 0.0 else a28)
    arms = [a29 * 2.0 for a29 in action] if grip > 5.0 else action
    turned = [-x3 for x3 in block]
    term4 = turned[2] * 0.5
    turned_0 = turned[0]
    if block[0] > 0.0:
        chosen3 = turned_0
        chosen4 = term4
    else:
        chosen3 = term4
        chosen4 = turned_0
    components = {
        "error": sqrt(chosen * chosen + term2 * term2 + term * term),
        "same": term2 - term2,
        "pair": joints[0] + 1.0 + joints[1] + 2.0,
        "axis": -axis[0] + axis[2],
        "ranked": 0.0 if math.isnan(term3) else 1.0,
        "arms": arms[0] + arms[1] + arms[2] + arms[3] + arms[4] + 0.25,
        "back": chosen3 - square(turned[1]) + chosen4,
    }
    total = (
        components["error"]
        + components["same"]
        + components["pair"]
        + components["axis"]
        + components["ranked"]
        + components["arms"]
        + components["back"]
    )
    return total, components


def cross(a, b):
    ax, ay, az = a
    bx, by, bz = b
    return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def square(x):
    return x * x


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

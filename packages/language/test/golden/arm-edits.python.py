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
    a = range_[0]
    b = range_[1]
    a2 = range_[2]
    b2 = range_[3]
    a3 = range_[4]
    b3 = range_[5]
    a4 = range_[6]
    b4 = range_[7]
    a5 = range_[8]
    b5 = range_[9]
    if b - a > 0.0:
        a6 = b
        a7 = a
    else:
        a6 = a
        a7 = b
    if b2 - a2 > 0.0:
        b6 = b2
        a8 = a2
    else:
        b6 = a2
        a8 = b2
    if b3 - a3 > 0.0:
        b7 = b3
        a9 = a3
    else:
        b7 = a3
        a9 = b3
    if b4 - a4 > 0.0:
        b8 = b4
        a10 = a4
    else:
        b8 = a4
        a10 = b4
    if b5 - a5 > 0.0:
        b9 = b5
        b10 = a5
    else:
        b9 = a5
        b10 = b5
    if b6 - a7 > 0.0:
        b11 = b6
        a11 = a7
    else:
        b11 = a7
        a11 = b6
    if b7 - a8 > 0.0:
        b12 = b7
        a12 = a8
    else:
        b12 = a8
        a12 = b7
    if b8 - a9 > 0.0:
        b13 = b8
        a13 = a9
    else:
        b13 = a9
        a13 = b8
    if b9 - a10 > 0.0:
        b14 = b9
        a14 = a10
    else:
        b14 = a10
        a14 = b9
    if b11 - a6 > 0.0:
        a15 = b11
        a16 = a6
    else:
        a15 = a6
        a16 = b11
    if b12 - a11 > 0.0:
        b15 = b12
        a17 = a11
    else:
        b15 = a11
        a17 = b12
    if b13 - a12 > 0.0:
        b16 = b13
        a18 = a12
    else:
        b16 = a12
        a18 = b13
    if b14 - a13 > 0.0:
        b17 = b14
        a19 = a13
    else:
        b17 = a13
        a19 = b14
    b18 = b10 if b10 - a14 > 0.0 else a14
    if b15 - a16 > 0.0:
        b19 = b15
        a20 = a16
    else:
        b19 = a16
        a20 = b15
    if b16 - a17 > 0.0:
        b20 = b16
        a21 = a17
    else:
        b20 = a17
        a21 = b16
    if b17 - a18 > 0.0:
        b21 = b17
        a22 = a18
    else:
        b21 = a18
        a22 = b17
    b22 = b18 if b18 - a19 > 0.0 else a19
    if b19 - a15 > 0.0:
        a23 = b19
        a24 = a15
    else:
        a23 = a15
        a24 = b19
    if b20 - a20 > 0.0:
        b23 = b20
        a25 = a20
    else:
        b23 = a20
        a25 = b20
    if b21 - a21 > 0.0:
        b24 = b21
        a26 = a21
    else:
        b24 = a21
        a26 = b21
    b25 = b22 if b22 - a22 > 0.0 else a22
    if b23 - a24 > 0.0:
        b26 = b23
        a27 = a24
    else:
        b26 = a24
        a27 = b23
    if b24 - a25 > 0.0:
        b27 = b24
        a28 = a25
    else:
        b27 = a25
        a28 = b24
    b28 = b25 if b25 - a26 > 0.0 else a26
    if b26 - a23 > 0.0:
        a29 = b26
        a30 = a23
    else:
        a29 = a23
        a30 = b26
    if b27 - a27 > 0.0:
        b29 = b27
        a31 = a27
    else:
        b29 = a27
        a31 = b27
    b30 = b28 if b28 - a28 > 0.0 else a28
    if b29 - a30 > 0.0:
        b31 = b29
        a32 = a30
    else:
        b31 = a30
        a32 = b29
    b32 = b30 if b30 - a31 > 0.0 else a31
    if b31 - a29 > 0.0:
        chosen2 = b31
        a33 = a29
    else:
        chosen2 = a29
        a33 = b31
    b33 = b32 if b32 - a32 > 0.0 else a32
    term3 = chosen2 - (b33 if b33 - a33 > 0.0 else a33)
    arms = [a34 * 2.0 for a34 in action] if grip > 5.0 else action
    turned = [-x3 for x3 in block]
    term4 = turned[2] * 0.5
    entry = turned[0]
    if block[0] > 0.0:
        chosen3 = entry
        chosen4 = term4
    else:
        chosen3 = term4
        chosen4 = entry
    components = {
        "error": sqrt(chosen * chosen + term2 * term2 + term * term),
        "same": term2 - term2,
        "pair": joints[0] + 1.0 + joints[1] + 2.0,
        "axis": -axis[0] + axis[2],
        "ranked": 0.0 if not term3 == term3 else 1.0,
        "arms": 0.0 + arms[0] + arms[1] + arms[2] + arms[3] + arms[4] + 0.25,
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

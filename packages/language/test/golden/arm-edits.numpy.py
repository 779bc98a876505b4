"""Reward for table-arm.

New vectors may be changed where they stand; fields may not.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["joints"] (batch, 6), rad: Joint angles, base first
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: error, same, pair, axis, ranked, arms, back. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "lift": 2.0,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    joints = next_obs["joints"]
    hand = next_obs["hand"]
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    grip = next_obs["grip"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    error = hand - target
    term = error[..., 2] * params["lift"]
    chosen = np.where(holding, 0.0, error[..., 0])
    term2 = error[..., 1] + 0.5
    axis = cross(hand, block)
    a = range_[..., 0]
    b = range_[..., 1]
    a2 = range_[..., 2]
    b2 = range_[..., 3]
    a3 = range_[..., 4]
    b3 = range_[..., 5]
    a4 = range_[..., 6]
    b4 = range_[..., 7]
    a5 = range_[..., 8]
    b5 = range_[..., 9]
    condition = b - a > 0.0
    a6 = np.where(condition, b, a)
    a7 = np.where(condition, a, b)
    condition2 = b2 - a2 > 0.0
    b6 = np.where(condition2, b2, a2)
    a8 = np.where(condition2, a2, b2)
    condition3 = b3 - a3 > 0.0
    b7 = np.where(condition3, b3, a3)
    a9 = np.where(condition3, a3, b3)
    condition4 = b4 - a4 > 0.0
    b8 = np.where(condition4, b4, a4)
    a10 = np.where(condition4, a4, b4)
    condition5 = b5 - a5 > 0.0
    b9 = np.where(condition5, b5, a5)
    b10 = np.where(condition5, a5, b5)
    condition6 = b6 - a7 > 0.0
    b11 = np.where(condition6, b6, a7)
    a11 = np.where(condition6, a7, b6)
    condition7 = b7 - a8 > 0.0
    b12 = np.where(condition7, b7, a8)
    a12 = np.where(condition7, a8, b7)
    condition8 = b8 - a9 > 0.0
    b13 = np.where(condition8, b8, a9)
    a13 = np.where(condition8, a9, b8)
    condition9 = b9 - a10 > 0.0
    b14 = np.where(condition9, b9, a10)
    a14 = np.where(condition9, a10, b9)
    condition10 = b11 - a6 > 0.0
    a15 = np.where(condition10, b11, a6)
    a16 = np.where(condition10, a6, b11)
    condition11 = b12 - a11 > 0.0
    b15 = np.where(condition11, b12, a11)
    a17 = np.where(condition11, a11, b12)
    condition12 = b13 - a12 > 0.0
    b16 = np.where(condition12, b13, a12)
    a18 = np.where(condition12, a12, b13)
    condition13 = b14 - a13 > 0.0
    b17 = np.where(condition13, b14, a13)
    a19 = np.where(condition13, a13, b14)
    b18 = np.where(b10 - a14 > 0.0, b10, a14)
    condition14 = b15 - a16 > 0.0
    b19 = np.where(condition14, b15, a16)
    a20 = np.where(condition14, a16, b15)
    condition15 = b16 - a17 > 0.0
    b20 = np.where(condition15, b16, a17)
    a21 = np.where(condition15, a17, b16)
    condition16 = b17 - a18 > 0.0
    b21 = np.where(condition16, b17, a18)
    a22 = np.where(condition16, a18, b17)
    b22 = np.where(b18 - a19 > 0.0, b18, a19)
    condition17 = b19 - a15 > 0.0
    a23 = np.where(condition17, b19, a15)
    a24 = np.where(condition17, a15, b19)
    condition18 = b20 - a20 > 0.0
    b23 = np.where(condition18, b20, a20)
    a25 = np.where(condition18, a20, b20)
    condition19 = b21 - a21 > 0.0
    b24 = np.where(condition19, b21, a21)
    a26 = np.where(condition19, a21, b21)
    b25 = np.where(b22 - a22 > 0.0, b22, a22)
    condition20 = b23 - a24 > 0.0
    b26 = np.where(condition20, b23, a24)
    a27 = np.where(condition20, a24, b23)
    condition21 = b24 - a25 > 0.0
    b27 = np.where(condition21, b24, a25)
    a28 = np.where(condition21, a25, b24)
    b28 = np.where(b25 - a26 > 0.0, b25, a26)
    condition22 = b26 - a23 > 0.0
    a29 = np.where(condition22, b26, a23)
    a30 = np.where(condition22, a23, b26)
    condition23 = b27 - a27 > 0.0
    b29 = np.where(condition23, b27, a27)
    a31 = np.where(condition23, a27, b27)
    b30 = np.where(b28 - a28 > 0.0, b28, a28)
    condition24 = b29 - a30 > 0.0
    b31 = np.where(condition24, b29, a30)
    a32 = np.where(condition24, a30, b29)
    b32 = np.where(b30 - a31 > 0.0, b30, a31)
    condition25 = b31 - a29 > 0.0
    a33 = np.where(condition25, a29, b31)
    b33 = np.where(b32 - a32 > 0.0, b32, a32)
    term3 = np.where(condition25, b31, a29) - np.where(b33 - a33 > 0.0, b33, a33)
    arms = np.where((grip > 5.0)[..., None], action * 2.0, action)
    turned = -block
    term4 = turned[..., 2] * 0.5
    entry = turned[..., 0]
    condition26 = block[..., 0] > 0.0
    components = {
        "error": np.sqrt(chosen * chosen + term2 * term2 + term * term),
        "same": term2 - term2,
        "pair": joints[..., 0] + 1.0 + joints[..., 1] + 2.0,
        "axis": -axis[..., 0] + axis[..., 2],
        "ranked": np.where(~(term3 == term3), 0.0, 1.0),
        "arms": arms[..., 0] + arms[..., 1] + arms[..., 2] + arms[..., 3] + arms[..., 4] + 0.25,
        "back": (
            np.where(condition26, entry, term4)
            - np.square(turned[..., 1])
            + np.where(condition26, term4, entry)
        ),
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
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def columns(values):
    """Rows of a parity file as arrays; JSON spells NaN and the infinities as text."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    return np.array(values, dtype=bool if isinstance(values[0], bool) else np.float64)


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for batch in zip(*episodes):
        given = columns([row["input"] for row in batch])
        step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
        total, components = reward(*step)
        for index, row in enumerate(batch):
            found = {name: float(values[index]) for name, values in components.items()}
            found["total"] = float(total[index])
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

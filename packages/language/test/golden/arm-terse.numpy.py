"""Reward for table-arm.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["blockTurn"] (batch, 4), quaternion
    next_obs["targetTurn"] (batch, 4), quaternion
    next_obs["holding"] (batch,), boolean

Components: reach, lift, turn, effort. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "reach": 1.0,
    "lift": 2.0,
    "turn": 0.3,
    "effort": 0.01,
}
TABLE_HEIGHT = 0.1


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    hand = next_obs["hand"]
    block = next_obs["block"]
    block_turn = next_obs["blockTurn"]
    target_turn = next_obs["targetTurn"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    components = {
        "reach": params["reach"] / (1.0 + 10.0 * np.square(distance(hand, block))),
        "lift": np.where(
            holding, params["lift"] * np.maximum(0.0, block[..., 2] - TABLE_HEIGHT), 0.0
        ),
        "turn": params["turn"] * (1.0 - quat_angle(block_turn, target_turn) / np.pi),
        "effort": -params["effort"] * dot(action, action),
    }
    total = components["reach"] + components["lift"] + components["turn"] + components["effort"]
    return total, components


def add_up(v):
    """Sum over the last axis, first entry first: np.sum would round in another order."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = result + v[..., i]
    return result


def dot(a, b):
    return add_up(a * b)


def norm(v):
    return np.sqrt(dot(v, v))


def distance(a, b):
    return norm(a - b)


def quat_mul(a, b):
    """Hamilton product of quaternions w, x, y, z: first b, then a."""
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    w = aw * bw - ax * bx - ay * by - az * bz
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    return np.stack([w, x, y, z], axis=-1)


def quat_conjugate(q):
    return np.concatenate([q[..., :1], -q[..., 1:]], axis=-1)


def quat_angle(a, b):
    """Angle of the rotation between two orientations, in [0, pi], whatever their signs."""
    q = quat_mul(quat_conjugate(a), b)
    return 2.0 * np.arctan2(norm(q[..., 1:]), np.abs(q[..., 0]))


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

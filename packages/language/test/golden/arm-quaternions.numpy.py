"""Reward for table-arm.

The turn that is left, about which axis, and how upright the block stands.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["blockTurn"] (batch, 4), quaternion
    next_obs["targetTurn"] (batch, 4), quaternion

Components: turn, upright, axis, check. The total is their sum.
"""

import json
import math
import sys

import numpy as np

PARAMS = {
    "turn": 1.0,
    "upright": 0.5,
    "axis": 0.1,
}
UP = np.array([0.0, 0.0, 1.0])


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    block_turn = next_obs["blockTurn"]
    target_turn = next_obs["targetTurn"]
    quat_normalize_value = quat_normalize(block_turn)
    q = quat_mul(quat_normalize(target_turn), quat_conjugate(quat_normalize_value))
    # q and -q are the same rotation
    q2 = np.where((q[..., 0] < 0.0)[..., None], -q, q)
    w = q2[..., 0]
    x = q2[..., 1]
    y = q2[..., 2]
    z = q2[..., 3]
    half = hypot_of(x, y, z)
    angle = 2.0 * np.arctan2(half, w)
    up = quat_rotate(quat_normalize_value, UP)
    sideways = norm(cross(up, UP))
    back = quat_mul(quat_inverse(block_turn), block_turn)
    components = {
        "turn": params["turn"] * np.exp(-np.abs(wrap_angle(angle))),
        "upright": params["upright"] * dot(up, UP) - 0.1 * sideways,
        "axis": params["axis"] * np.abs(np.where(half > 1e-9, z / half, 1.0)),
        "check": back[..., 0] - 1.0,
    }
    total = components["turn"] + components["upright"] + components["axis"] + components["check"]
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


def quat_normalize(q):
    return q / norm(q)[..., None]


def quat_conjugate(q):
    return np.concatenate([q[..., :1], -q[..., 1:]], axis=-1)


def quat_mul(a, b):
    """Hamilton product of quaternions w, x, y, z: first b, then a."""
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    w = aw * bw - ax * bx - ay * by - az * bz
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    return np.stack([w, x, y, z], axis=-1)


def hypot_of(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [np.abs(entry) for entry in entries]
    largest = sizes[0]
    infinite = np.isinf(largest)
    for size in sizes[1:]:
        largest = np.maximum(largest, size)
        infinite = infinite | np.isinf(size)
    total = 0.0
    rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = np.where(largest == 0.0, 0.0, np.sqrt(total) * largest)
    return np.where(infinite, np.inf, length)


def cross(a, b):
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def quat_rotate(q, v):
    """v turned by the unit quaternion q = (w, u): v + 2 w (u x v) + 2 u x (u x v)."""
    u = q[..., 1:]
    turned = 2.0 * cross(u, v)
    return v + q[..., :1] * turned + cross(u, turned)


def quat_inverse(q):
    return quat_conjugate(q) / dot(q, q)[..., None]


def wrap_angle(angle):
    """The same angle in (-pi, pi]."""
    return angle - 2.0 * math.pi * np.ceil((angle - math.pi) / (2.0 * math.pi))


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

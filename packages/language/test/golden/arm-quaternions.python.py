"""Reward for table-arm.

The turn that is left, about which axis, and how upright the block stands.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["blockTurn"] 4 entries, quaternion
    next_obs["targetTurn"] 4 entries, quaternion

Components: turn, upright, axis, check. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "turn": 1.0,
    "upright": 0.5,
    "axis": 0.1,
}
UP = [0.0, 0.0, 1.0]


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    block_turn = [float(x) for x in next_obs["blockTurn"]]
    target_turn = [float(x) for x in next_obs["targetTurn"]]
    quat_normalize_value = quat_normalize(block_turn)
    q = quat_mul(quat_normalize(target_turn), quat_conjugate(quat_normalize_value))
    q2 = [-c for c in q] if q[0] < 0.0 else q
    w = q2[0]
    x = q2[1]
    y = q2[2]
    z = q2[3]
    half = hypot(x, y, z)
    angle = 2.0 * math.atan2(half, w)
    up = quat_rotate(quat_normalize_value, UP)
    sideways = norm(cross(up, UP))
    back = quat_mul(quat_inverse(block_turn), block_turn)
    components = {
        "turn": params["turn"] * exp(-abs(wrap_angle(angle))),
        "upright": params["upright"] * dot(up, UP) - 0.1 * sideways,
        "axis": params["axis"] * abs(divide(z, half) if half > 1e-9 else 1.0),
        "check": back[0] - 1.0,
    }
    total = components["turn"] + components["upright"] + components["axis"] + components["check"]
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


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def quat_normalize(q):
    length = norm(q)
    return [divide(x, length) for x in q]


def quat_conjugate(q):
    w, x, y, z = q
    return [w, -x, -y, -z]


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


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def hypot(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [abs(entry) for entry in entries]
    if math.inf in sizes:
        return math.inf
    largest = maximum(0.0, *sizes)
    if not largest > 0.0:
        return largest
    total = rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    return math.sqrt(total) * largest


def cross(a, b):
    ax, ay, az = a
    bx, by, bz = b
    return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]


def quat_rotate(q, v):
    """v turned by the unit quaternion q = (w, u): v + 2 w (u x v) + 2 u x (u x v)."""
    w, u = q[0], q[1:]
    turned = [2.0 * x for x in cross(u, v)]
    twice = cross(u, turned)
    return [x + w * t + c for x, t, c in zip(v, turned, twice)]


def quat_inverse(q):
    w, x, y, z = q
    square = dot(q, q)
    return [divide(w, square), divide(-x, square), divide(-y, square), divide(-z, square)]


def ceil(x):
    return math.copysign(float(math.ceil(x)), x) if math.isfinite(x) else x


def wrap_angle(angle):
    """The same angle in (-pi, pi]."""
    return angle - 2.0 * math.pi * ceil((angle - math.pi) / (2.0 * math.pi))


def exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


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

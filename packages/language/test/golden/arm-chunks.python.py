"""Reward for table-arm.

Joints and beams in groups: pairs of points, shares of a sum, the largest with its place.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    obs["hand"] 3 entries, m
    obs["touch"] 2 entries, flag
    next_obs["jointSpeeds"] 6 entries, rad/s
    next_obs["hand"] 3 entries, m
    next_obs["block"] 3 entries, m
    next_obs["target"] 3 entries, m
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["touch"] 2 entries, flag

Components: effort, strained, close, even, front, widest, reach, changed. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "shoulder": 0.5,
    "elbow": 0.3,
    "wrist": 0.2,
    "close": 1.0,
    "even": 0.1,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    obs_hand = [float(x) for x in obs["hand"]]
    obs_touch = [float(x) for x in obs["touch"]]
    joint_speeds = [float(x) for x in next_obs["jointSpeeds"]]
    next_hand = [float(x) for x in next_obs["hand"]]
    block = [float(x) for x in next_obs["block"]]
    target = [float(x) for x in next_obs["target"]]
    range_ = [float(x) for x in next_obs["range"]]
    next_touch = [float(x) for x in next_obs["touch"]]
    power_ = norm(action[:2])
    fast = joint_speeds[0] > 2.0
    power_2 = norm(action[2:4])
    fast2 = joint_speeds[2] > 2.0
    power_3 = norm(action[4:6])
    effort = params["shoulder"] * power_ + params["elbow"] * power_2 + params["wrist"] * power_3
    strained = joint_speeds[4] > 2.0 or fast and fast2
    a = distance(next_hand, block)
    b = distance(next_hand, target)
    b2 = distance(block, target)
    total_ = a + b + b2
    total_above_limit = total_ > 0.000001
    p = divide(a, total_) if total_above_limit else 0.3333333333333333
    p2 = divide(b, total_) if total_above_limit else 0.3333333333333333
    p3 = divide(b2, total_) if total_above_limit else 0.3333333333333333
    even = p * p + p2 * p2 + p3 * p3
    range_0 = range_[0]
    range_1 = range_[1]
    range_2 = range_[2]
    range_3 = range_[3]
    range_4 = range_[4]
    range_5 = range_[5]
    range_6 = range_[6]
    range_7 = range_[7]
    range_8 = range_[8]
    # Ten beams, all around: the front is at both ends.
    front = minimum(minimum(*range_[8:10]), minimum(*range_[:3]))
    if range_0 > -1.0:
        r = range_0
        i = 0.0
    else:
        r = -1.0
        i = -1.0
    if range_1 > r:
        r2 = range_1
        i2 = 1.0
    else:
        r2 = r
        i2 = i
    if range_2 > r2:
        r3 = range_2
        i3 = 2.0
    else:
        r3 = r2
        i3 = i2
    if range_3 > r3:
        r4 = range_3
        i4 = 3.0
    else:
        r4 = r3
        i4 = i3
    if range_4 > r4:
        r5 = range_4
        i5 = 4.0
    else:
        r5 = r4
        i5 = i4
    if range_5 > r5:
        r6 = range_5
        i6 = 5.0
    else:
        r6 = r5
        i6 = i5
    if range_6 > r6:
        r7 = range_6
        i7 = 6.0
    else:
        r7 = r6
        i7 = i6
    if range_7 > r7:
        r8 = range_7
        i8 = 7.0
    else:
        r8 = r7
        i8 = i7
    if range_8 > r8:
        r9 = range_8
        i9 = 8.0
    else:
        r9 = r8
        i9 = i8
    obs_x = obs_hand[0]
    obs_y = obs_hand[1]
    obs_z = obs_hand[2]
    reach_before = hypot(obs_x, obs_y, obs_z)
    next_x = next_hand[0]
    next_y = next_hand[1]
    next_z = next_hand[2]
    reach_now = hypot(next_x, next_y, next_z)
    changed = add_up(float(t != x) for t, x in zip(next_touch, obs_touch))
    components = {
        "effort": -effort,
        "strained": -0.2 if strained else 0.0,
        "close": params["close"] * exp(-minimum(a, b, b2)),
        "even": -params["even"] * even,
        "front": -1.0 if front < 0.2 else 0.0,
        "widest": (9.0 if range_[9] > r9 else i9) / 10.0,
        "reach": reach_before - reach_now,
        "changed": 0.05 * changed,
    }
    total = (
        components["effort"]
        + components["strained"]
        + components["close"]
        + components["even"]
        + components["front"]
        + components["widest"]
        + components["reach"]
        + components["changed"]
    )
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


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


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

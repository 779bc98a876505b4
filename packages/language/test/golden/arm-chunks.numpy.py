"""Reward for table-arm.

Joints and beams in groups: pairs of points, shares of a sum, the largest with its place.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    obs["hand"] (batch, 3), m
    obs["touch"] (batch, 2), flag
    next_obs["jointSpeeds"] (batch, 6), rad/s
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag

Components: effort, strained, close, even, front, widest, reach, changed. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "shoulder": 0.5,
    "elbow": 0.3,
    "wrist": 0.2,
    "close": 1.0,
    "even": 0.1,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_hand = obs["hand"]
    obs_touch = obs["touch"]
    joint_speeds = next_obs["jointSpeeds"]
    next_hand = next_obs["hand"]
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    next_touch = next_obs["touch"]
    power_ = norm(action[..., :2])
    fast = joint_speeds[..., 0] > 2.0
    power_2 = norm(action[..., 2:4])
    fast2 = joint_speeds[..., 2] > 2.0
    power_3 = norm(action[..., 4:])
    effort = params["shoulder"] * power_ + params["elbow"] * power_2 + params["wrist"] * power_3
    strained = (joint_speeds[..., 4] > 2.0) | fast & fast2
    a = distance(next_hand, block)
    b = distance(next_hand, target)
    b2 = distance(block, target)
    total_ = a + b + b2
    total_above_limit = total_ > 0.000001
    p = np.where(total_above_limit, a / total_, 0.3333333333333333)
    p2 = np.where(total_above_limit, b / total_, 0.3333333333333333)
    p3 = np.where(total_above_limit, b2 / total_, 0.3333333333333333)
    even = p * p + p2 * p2 + p3 * p3
    range_0 = range_[..., 0]
    range_1 = range_[..., 1]
    range_2 = range_[..., 2]
    range_3 = range_[..., 3]
    range_4 = range_[..., 4]
    range_5 = range_[..., 5]
    range_6 = range_[..., 6]
    range_7 = range_[..., 7]
    range_8 = range_[..., 8]
    # Ten beams, all around: the front is at both ends.
    front = np.minimum(smallest(range_[..., 8:]), smallest(range_[..., :3]))
    range_0_above_limit = range_0 > -1.0
    r = np.where(range_0_above_limit, range_0, -1.0)
    range_1_above_r = range_1 > r
    r2 = np.where(range_1_above_r, range_1, r)
    range_2_above_r = range_2 > r2
    r3 = np.where(range_2_above_r, range_2, r2)
    range_3_above_r = range_3 > r3
    r4 = np.where(range_3_above_r, range_3, r3)
    i = np.where(
        range_3_above_r,
        3.0,
        np.where(
            range_2_above_r,
            2.0,
            np.where(range_1_above_r, 1.0, np.where(range_0_above_limit, 0.0, -1.0)),
        ),
    )
    range_4_above_r = range_4 > r4
    r5 = np.where(range_4_above_r, range_4, r4)
    range_5_above_r = range_5 > r5
    r6 = np.where(range_5_above_r, range_5, r5)
    range_6_above_r = range_6 > r6
    r7 = np.where(range_6_above_r, range_6, r6)
    range_7_above_r = range_7 > r7
    r8 = np.where(range_7_above_r, range_7, r7)
    i2 = np.where(
        range_7_above_r,
        7.0,
        np.where(
            range_6_above_r, 6.0, np.where(range_5_above_r, 5.0, np.where(range_4_above_r, 4.0, i))
        ),
    )
    range_8_above_r = range_8 > r8
    obs_x = obs_hand[..., 0]
    obs_y = obs_hand[..., 1]
    obs_z = obs_hand[..., 2]
    reach_before = hypot_of(obs_x, obs_y, obs_z)
    next_x = next_hand[..., 0]
    next_y = next_hand[..., 1]
    next_z = next_hand[..., 2]
    reach_now = hypot_of(next_x, next_y, next_z)
    changed = np.sum(next_touch != obs_touch, axis=-1, dtype=np.float64)
    components = {
        "effort": -effort,
        "strained": np.where(strained, -0.2, 0.0),
        "close": params["close"] * np.exp(-np.minimum(np.minimum(a, b), b2)),
        "even": -params["even"] * even,
        "front": np.where(front < 0.2, -1.0, 0.0),
        "widest": (
            np.where(
                range_[..., 9] > np.where(range_8_above_r, range_8, r8),
                9.0,
                np.where(range_8_above_r, 8.0, i2),
            )
            / 10.0
        ),
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


def smallest(v):
    """Smallest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.minimum(result, v[..., i])
    return result


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

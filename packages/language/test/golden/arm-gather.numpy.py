"""Reward for table-arm.

Arrays that grow where a condition holds.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["joints"] (batch, 6), rad: Joint angles, base first
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: count, worst, average, after, head, second, tail, ranked, longest, held, firm, last,
nearest, hit, miss, where, inside. The total is its own expression.
"""

import json
import sys

import numpy as np

PARAMS = {
    "near": 0.6,
}
REACH = 0.9


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_range = obs["range"]
    joints = next_obs["joints"]
    next_range = next_obs["range"]
    grip = next_obs["grip"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    next_range_0 = next_range[..., 0]
    next_range_1 = next_range[..., 1]
    next_range_2 = next_range[..., 2]
    next_range_3 = next_range[..., 3]
    next_range_4 = next_range[..., 4]
    next_range_5 = next_range[..., 5]
    next_range_5_below_near = next_range_5 < params["near"]
    next_range_6 = next_range[..., 6]
    next_range_6_below_near = next_range_6 < params["near"]
    next_range_7 = next_range[..., 7]
    next_range_7_below_near = next_range_7 < params["near"]
    next_range_8 = next_range[..., 8]
    next_range_8_below_near = next_range_8 < params["near"]
    next_range_9 = next_range[..., 9]
    least = np.where(next_range_0 < params["near"], np.minimum(3.0, next_range_0), 3.0)
    least2 = np.where(next_range_1 < params["near"], np.minimum(least, next_range_1), least)
    least3 = np.where(next_range_2 < params["near"], np.minimum(least2, next_range_2), least2)
    least4 = np.where(next_range_3 < params["near"], np.minimum(least3, next_range_3), least3)
    least5 = np.where(next_range_4 < params["near"], np.minimum(least4, next_range_4), least4)
    least6 = np.where(next_range_5_below_near, np.minimum(least5, next_range_5), least5)
    least7 = np.where(next_range_6_below_near, np.minimum(least6, next_range_6), least6)
    least8 = np.where(next_range_7_below_near, np.minimum(least7, next_range_7), least7)
    least9 = np.where(next_range_8_below_near, np.minimum(least8, next_range_8), least8)
    worst = np.where(next_range_9 < params["near"], np.minimum(least9, next_range_9), least9)
    next_range_below_near = next_range < params["near"]
    subtotal = add_up(np.where(next_range_below_near, 1.0, 0.0))
    average = np.where(
        subtotal > 0.0, add_up(np.where(next_range_below_near, next_range, 0.0)) / subtotal, 3.0
    )
    range_ = np.where(
        next_range_5_below_near,
        next_range_5,
        np.where(
            next_range_6_below_near,
            next_range_6,
            np.where(
                next_range_7_below_near,
                next_range_7,
                np.where(next_range_8_below_near, next_range_8, next_range_9),
            ),
        ),
    )
    after = np.where(np.any(next_range[..., 5:] < params["near"], axis=-1), range_, 3.0)
    next_range_above_1 = next_range > 1.0
    entry = next_range_above_1[..., 0]
    entry2 = next_range_above_1[..., 1]
    entry3 = next_range_above_1[..., 2]
    entry4 = next_range_above_1[..., 3]
    entry5 = next_range_above_1[..., 4]
    entry6 = next_range_above_1[..., 5]
    entry7 = next_range_above_1[..., 6]
    entry8 = next_range_above_1[..., 7]
    entry9 = next_range_above_1[..., 8]
    entry10 = next_range_above_1[..., 9]
    i = np.where(entry, 1.0, 0.0)
    condition = entry2 & (i == 0.0)
    value = np.where(entry2, 1.0, 0.0)
    i2 = i + value
    condition2 = entry3 & (i2 == 0.0)
    value2 = np.where(entry3, 1.0, 0.0)
    i3 = i2 + value2
    condition3 = entry4 & (i3 == 0.0)
    value3 = np.where(entry4, 1.0, 0.0)
    i4 = i3 + value3
    condition4 = entry5 & (i4 == 0.0)
    value4 = np.where(entry5, 1.0, 0.0)
    i5 = i4 + value4
    condition5 = entry6 & (i5 == 0.0)
    value5 = np.where(entry6, 1.0, 0.0)
    i6 = i5 + value5
    condition6 = entry7 & (i6 == 0.0)
    value6 = np.where(entry7, 1.0, 0.0)
    i7 = i6 + value6
    condition7 = entry8 & (i7 == 0.0)
    value7 = np.where(entry8, 1.0, 0.0)
    i8 = i7 + value7
    condition8 = entry9 & (i8 == 0.0)
    value8 = np.where(entry9, 1.0, 0.0)
    i9 = i8 + value8
    condition9 = entry10 & (i9 == 0.0)
    chosen = np.where(
        condition6,
        next_range_6,
        np.where(
            condition7,
            next_range_7,
            np.where(condition8, next_range_8, np.where(condition9, next_range_9, np.nan)),
        ),
    )
    chosen2 = np.where(
        condition2,
        next_range_2,
        np.where(
            condition3,
            next_range_3,
            np.where(condition4, next_range_4, np.where(condition5, next_range_5, chosen)),
        ),
    )
    head = np.where(
        ~(
            entry
            | condition
            | condition2
            | condition3
            | condition4
            | condition5
            | condition6
            | condition7
            | condition8
            | condition9
        ),
        -1.0,
        np.where(entry, next_range_0, np.where(condition, next_range_1, chosen2)),
    )
    condition10 = entry2 & (i == 1.0)
    condition11 = entry3 & (i2 == 1.0)
    condition12 = entry4 & (i3 == 1.0)
    condition13 = entry5 & (i4 == 1.0)
    condition14 = entry6 & (i5 == 1.0)
    condition15 = entry7 & (i6 == 1.0)
    condition16 = entry8 & (i7 == 1.0)
    condition17 = entry9 & (i8 == 1.0)
    condition18 = entry10 & (i9 == 1.0)
    chosen3 = np.where(
        condition15,
        next_range_6,
        np.where(
            condition16,
            next_range_7,
            np.where(condition17, next_range_8, np.where(condition18, next_range_9, np.nan)),
        ),
    )
    chosen4 = np.where(
        condition11,
        next_range_2,
        np.where(
            condition12,
            next_range_3,
            np.where(condition13, next_range_4, np.where(condition14, next_range_5, chosen3)),
        ),
    )
    second = np.where(
        ~(
            condition10
            | condition11
            | condition12
            | condition13
            | condition14
            | condition15
            | condition16
            | condition17
            | condition18
        ),
        -2.0,
        np.where(condition10, next_range_1, chosen4),
    )
    value9 = np.where(entry10, 1.0, 0.0)
    condition19 = entry9 & (value9 == 0.0)
    term = value9 + value8
    condition20 = entry8 & (term == 0.0)
    term2 = term + value7
    condition21 = entry7 & (term2 == 0.0)
    term3 = term2 + value6
    condition22 = entry6 & (term3 == 0.0)
    term4 = term3 + value5
    condition23 = entry5 & (term4 == 0.0)
    term5 = term4 + value4
    condition24 = entry4 & (term5 == 0.0)
    term6 = term5 + value3
    condition25 = entry3 & (term6 == 0.0)
    term7 = term6 + value2
    condition26 = entry2 & (term7 == 0.0)
    condition27 = entry & (term7 + value == 0.0)
    chosen5 = np.where(
        condition24,
        next_range_3,
        np.where(
            condition25,
            next_range_2,
            np.where(condition26, next_range_1, np.where(condition27, next_range_0, np.nan)),
        ),
    )
    chosen6 = np.where(
        condition20,
        next_range_7,
        np.where(
            condition21,
            next_range_6,
            np.where(condition22, next_range_5, np.where(condition23, next_range_4, chosen5)),
        ),
    )
    tail = np.where(
        ~(
            entry10
            | condition19
            | condition20
            | condition21
            | condition22
            | condition23
            | condition24
            | condition25
            | condition26
            | condition27
        ),
        -3.0,
        np.where(entry10, next_range_9, np.where(condition19, next_range_8, chosen6)),
    )
    next_range_0_above_2 = next_range_0 > 2.0
    total_ = np.where(entry & ~next_range_0_above_2, next_range_0, 0.0)
    next_range_1_above_2 = next_range_1 > 2.0
    total_2 = np.where(entry2 & ~next_range_1_above_2, total_ + next_range_1, total_)
    next_range_2_above_2 = next_range_2 > 2.0
    total_3 = np.where(entry3 & ~next_range_2_above_2, total_2 + next_range_2, total_2)
    next_range_3_above_2 = next_range_3 > 2.0
    total_4 = np.where(entry4 & ~next_range_3_above_2, total_3 + next_range_3, total_3)
    next_range_4_above_2 = next_range_4 > 2.0
    total_5 = np.where(entry5 & ~next_range_4_above_2, total_4 + next_range_4, total_4)
    next_range_5_above_2 = next_range_5 > 2.0
    total_6 = np.where(entry6 & ~next_range_5_above_2, total_5 + next_range_5, total_5)
    next_range_6_above_2 = next_range_6 > 2.0
    total_7 = np.where(entry7 & ~next_range_6_above_2, total_6 + next_range_6, total_6)
    next_range_7_above_2 = next_range_7 > 2.0
    total_8 = np.where(entry8 & ~next_range_7_above_2, total_7 + next_range_7, total_7)
    next_range_8_above_2 = next_range_8 > 2.0
    total_9 = np.where(entry9 & ~next_range_8_above_2, total_8 + next_range_8, total_8)
    next_range_9_above_2 = next_range_9 > 2.0
    ranked = (
        np.where(entry, next_range_0, 0.0)
        + np.where(entry2, next_range_1 * (i + 1.0), 0.0)
        + np.where(entry3, next_range_2 * (i2 + 1.0), 0.0)
        + np.where(entry4, next_range_3 * (i3 + 1.0), 0.0)
        + np.where(entry5, next_range_4 * (i4 + 1.0), 0.0)
        + np.where(entry6, next_range_5 * (i5 + 1.0), 0.0)
        + np.where(entry7, next_range_6 * (i6 + 1.0), 0.0)
        + np.where(entry8, next_range_7 * (i7 + 1.0), 0.0)
        + np.where(entry9, next_range_8 * (i8 + 1.0), 0.0)
        + np.where(entry10, next_range_9 * (i9 + 1.0), 0.0)
    )
    joints_0 = joints[..., 0]
    joints_1 = joints[..., 1]
    joints_2 = joints[..., 2]
    joints_3 = joints[..., 3]
    joints_4 = joints[..., 4]
    joints_5 = joints[..., 5]
    last = np.abs(joints_0)
    last2 = np.abs(joints_1)
    last3 = np.where(last2 > last, last2, last)
    last4 = np.abs(joints_2)
    last5 = np.where(last4 > last3, last4, last3)
    last6 = np.abs(joints_3)
    last7 = np.where(last6 > last5, last6, last5)
    last8 = np.abs(joints_4)
    last9 = np.where(last8 > last7, last8, last7)
    last10 = np.abs(joints_5)
    nearest = np.where(next_range_1 < next_range_0, next_range_1, next_range_0)
    nearest2 = np.where(next_range_2 < nearest, next_range_2, nearest)
    nearest3 = np.where(next_range_3 < nearest2, next_range_3, nearest2)
    nearest4 = np.where(next_range_4 < nearest3, next_range_4, nearest3)
    nearest5 = np.where(next_range_5 < nearest4, next_range_5, nearest4)
    nearest6 = np.where(next_range_6 < nearest5, next_range_6, nearest5)
    nearest7 = np.where(next_range_7 < nearest6, next_range_7, nearest6)
    nearest8 = np.where(next_range_8 < nearest7, next_range_8, nearest7)
    chosen7 = np.where(
        next_range_6 < 0.2,
        next_range_6,
        np.where(
            next_range_7 < 0.2,
            next_range_7,
            np.where(
                next_range_8 < 0.2, next_range_8, np.where(next_range_9 < 0.2, next_range_9, np.nan)
            ),
        ),
    )
    chosen8 = np.where(
        next_range_2 < 0.2,
        next_range_2,
        np.where(
            next_range_3 < 0.2,
            next_range_3,
            np.where(
                next_range_4 < 0.2,
                next_range_4,
                np.where(next_range_5 < 0.2, next_range_5, chosen7),
            ),
        ),
    )
    hit = np.where(
        next_range_0 < 0.2, next_range_0, np.where(next_range_1 < 0.2, next_range_1, chosen8)
    )
    obs_range_0 = obs_range[..., 0]
    obs_range_1 = obs_range[..., 1]
    obs_range_2 = obs_range[..., 2]
    obs_range_3 = obs_range[..., 3]
    obs_range_4 = obs_range[..., 4]
    obs_range_5 = obs_range[..., 5]
    obs_range_6 = obs_range[..., 6]
    obs_range_7 = obs_range[..., 7]
    obs_range_8 = obs_range[..., 8]
    obs_range_9 = obs_range[..., 9]
    obs_range_9_below_limit = obs_range_9 < 0.3
    obs_range_8_below_limit = obs_range_8 < 0.3
    obs_range_7_below_limit = obs_range_7 < 0.3
    obs_range_6_below_limit = obs_range_6 < 0.3
    obs_range_5_below_limit = obs_range_5 < 0.3
    obs_range_4_below_limit = obs_range_4 < 0.3
    obs_range_3_below_limit = obs_range_3 < 0.3
    obs_range_2_below_limit = obs_range_2 < 0.3
    obs_range_1_below_limit = obs_range_1 < 0.3
    obs_range_0_below_limit = obs_range_0 < 0.3
    chosen9 = np.where(
        obs_range_3_below_limit,
        obs_range_3,
        np.where(
            obs_range_2_below_limit,
            obs_range_2,
            np.where(
                obs_range_1_below_limit,
                obs_range_1,
                np.where(obs_range_0_below_limit, obs_range_0, np.nan),
            ),
        ),
    )
    chosen10 = np.where(
        obs_range_7_below_limit,
        obs_range_7,
        np.where(
            obs_range_6_below_limit,
            obs_range_6,
            np.where(
                obs_range_5_below_limit,
                obs_range_5,
                np.where(obs_range_4_below_limit, obs_range_4, chosen9),
            ),
        ),
    )
    miss = np.where(
        obs_range_9_below_limit,
        obs_range_9,
        np.where(obs_range_8_below_limit, obs_range_8, chosen10),
    )
    held = np.where(holding, grip, 0.0)
    firm = np.where(grip > 3.0, 1.0, 0.0)
    chosen11 = np.where(
        next_range_3_above_2,
        3.0,
        np.where(
            next_range_2_above_2,
            2.0,
            np.where(next_range_1_above_2, 1.0, np.where(next_range_0_above_2, 0.0, -1.0)),
        ),
    )
    chosen12 = np.where(
        next_range_7_above_2,
        7.0,
        np.where(
            next_range_6_above_2,
            6.0,
            np.where(next_range_5_above_2, 5.0, np.where(next_range_4_above_2, 4.0, chosen11)),
        ),
    )
    chosen13 = np.where(
        next_range_3 == 3.0,
        3.0,
        np.where(
            next_range_2 == 3.0,
            2.0,
            np.where(next_range_1 == 3.0, 1.0, np.where(next_range_0 == 3.0, 0.0, -1.0)),
        ),
    )
    chosen14 = np.where(
        next_range_7 == 3.0,
        7.0,
        np.where(
            next_range_6 == 3.0,
            6.0,
            np.where(next_range_5 == 3.0, 5.0, np.where(next_range_4 == 3.0, 4.0, chosen13)),
        ),
    )
    components = {
        "count": -subtotal,
        "worst": worst,
        "average": average,
        "after": after,
        "head": head,
        "second": second,
        "tail": tail,
        "ranked": ranked,
        "longest": (
            i9
            + value9
            + 1.0
            + np.minimum(0.5, smallest(np.where(next_range_above_1, next_range, np.inf)))
        ),
        "held": held,
        "firm": firm,
        "last": np.where(last10 > last9, last10, last9),
        "nearest": np.where(next_range_9 < nearest8, next_range_9, nearest8),
        "hit": np.where(np.any(next_range < 0.2, axis=-1), 1.0 - hit, 0.0),
        "miss": np.where(
            ~(
                obs_range_9_below_limit
                | obs_range_8_below_limit
                | obs_range_7_below_limit
                | obs_range_6_below_limit
                | obs_range_5_below_limit
                | obs_range_4_below_limit
                | obs_range_3_below_limit
                | obs_range_2_below_limit
                | obs_range_1_below_limit
                | obs_range_0_below_limit
            ),
            1.0,
            miss,
        ),
        "where": (
            np.where(next_range_9_above_2, 9.0, np.where(next_range_8_above_2, 8.0, chosen12))
            + np.where(next_range_9 == 3.0, 9.0, np.where(next_range_8 == 3.0, 8.0, chosen14))
        ),
        "inside": np.where(
            entry & (next_range_0 == REACH)
            | entry2 & (next_range_1 == REACH)
            | entry3 & (next_range_2 == REACH)
            | entry4 & (next_range_3 == REACH)
            | entry5 & (next_range_4 == REACH)
            | entry6 & (next_range_5 == REACH)
            | entry7 & (next_range_6 == REACH)
            | entry8 & (next_range_7 == REACH)
            | entry9 & (next_range_8 == REACH)
            | entry10 & (next_range_9 == REACH)
            | np.any(next_range_above_1 & (next_range > 2.9), axis=-1)
            | np.all(~next_range_above_1 | (next_range < 2.0), axis=-1),
            1.0,
            0.0,
        ),
    }
    total = np.where(entry10 & ~next_range_9_above_2, total_9 + next_range_9, total_9)
    return total, components


def add_up(v):
    """Sum over the last axis, first entry first: np.sum would round in another order."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = result + v[..., i]
    return result


def smallest(v):
    """Smallest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.minimum(result, v[..., i])
    return result


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

"""Reward for table-arm.

Arrays that grow where a condition holds.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["joints"] 6 entries, rad: Joint angles, base first
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["grip"] scalar, N
    next_obs["holding"] scalar, boolean

Components: count, worst, average, after, head, second, tail, ranked, longest, held, firm, last,
nearest, hit, miss, where, inside. The total is its own expression.
"""

import json
import math
import sys

PARAMS = {
    "near": 0.6,
}
REACH = 0.9


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_range = [float(x) for x in obs["range"]]
    joints = [float(x) for x in next_obs["joints"]]
    next_range = [float(x) for x in next_obs["range"]]
    grip = float(next_obs["grip"])
    holding = bool(next_obs["holding"])
    next_range_0 = next_range[0]
    next_range_1 = next_range[1]
    next_range_2 = next_range[2]
    next_range_3 = next_range[3]
    next_range_4 = next_range[4]
    next_range_5 = next_range[5]
    next_range_5_below_near = next_range_5 < params["near"]
    next_range_6 = next_range[6]
    next_range_6_below_near = next_range_6 < params["near"]
    next_range_7 = next_range[7]
    next_range_7_below_near = next_range_7 < params["near"]
    next_range_8 = next_range[8]
    next_range_8_below_near = next_range_8 < params["near"]
    next_range_9 = next_range[9]
    least = minimum(3.0, next_range_0) if next_range_0 < params["near"] else 3.0
    least2 = minimum(least, next_range_1) if next_range_1 < params["near"] else least
    least3 = minimum(least2, next_range_2) if next_range_2 < params["near"] else least2
    least4 = minimum(least3, next_range_3) if next_range_3 < params["near"] else least3
    least5 = minimum(least4, next_range_4) if next_range_4 < params["near"] else least4
    least6 = minimum(least5, next_range_5) if next_range_5_below_near else least5
    least7 = minimum(least6, next_range_6) if next_range_6_below_near else least6
    least8 = minimum(least7, next_range_7) if next_range_7_below_near else least7
    least9 = minimum(least8, next_range_8) if next_range_8_below_near else least8
    worst = minimum(least9, next_range_9) if next_range_9 < params["near"] else least9
    next_range_below_near = [r < params["near"] for r in next_range]
    subtotal = add_up(float(x) for x in next_range_below_near)
    average = (
        divide(add_up(r if x else 0.0 for x, r in zip(next_range_below_near, next_range)), subtotal)
        if subtotal > 0.0
        else 3.0
    )
    after = (
        (
            next_range_5
            if next_range_5_below_near
            else next_range_6
            if next_range_6_below_near
            else next_range_7
            if next_range_7_below_near
            else next_range_8
            if next_range_8_below_near
            else next_range_9
        )
        if any(x2 < params["near"] for x2 in next_range[5:10])
        else 3.0
    )
    next_range_above_1 = [r > 1.0 for r in next_range]
    entry = next_range_above_1[0]
    entry2 = next_range_above_1[1]
    entry3 = next_range_above_1[2]
    entry4 = next_range_above_1[3]
    entry5 = next_range_above_1[4]
    entry6 = next_range_above_1[5]
    entry7 = next_range_above_1[6]
    entry8 = next_range_above_1[7]
    entry9 = next_range_above_1[8]
    entry10 = next_range_above_1[9]
    i = float(entry)
    condition = entry2 and i == 0.0
    value = float(entry2)
    i2 = i + value
    condition2 = entry3 and i2 == 0.0
    value2 = float(entry3)
    i3 = i2 + value2
    condition3 = entry4 and i3 == 0.0
    value3 = float(entry4)
    i4 = i3 + value3
    condition4 = entry5 and i4 == 0.0
    value4 = float(entry5)
    i5 = i4 + value4
    condition5 = entry6 and i5 == 0.0
    value5 = float(entry6)
    i6 = i5 + value5
    condition6 = entry7 and i6 == 0.0
    value6 = float(entry7)
    i7 = i6 + value6
    condition7 = entry8 and i7 == 0.0
    value7 = float(entry8)
    i8 = i7 + value7
    condition8 = entry9 and i8 == 0.0
    value8 = float(entry9)
    i9 = i8 + value8
    condition9 = entry10 and i9 == 0.0
    head = (
        -1.0
        if not (
            entry
            or condition
            or condition2
            or condition3
            or condition4
            or condition5
            or condition6
            or condition7
            or condition8
            or condition9
        )
        else next_range_0
        if entry
        else next_range_1
        if condition
        else next_range_2
        if condition2
        else next_range_3
        if condition3
        else next_range_4
        if condition4
        else next_range_5
        if condition5
        else next_range_6
        if condition6
        else next_range_7
        if condition7
        else next_range_8
        if condition8
        else next_range_9
        if condition9
        else math.nan
    )
    condition10 = entry2 and i == 1.0
    condition11 = entry3 and i2 == 1.0
    condition12 = entry4 and i3 == 1.0
    condition13 = entry5 and i4 == 1.0
    condition14 = entry6 and i5 == 1.0
    condition15 = entry7 and i6 == 1.0
    condition16 = entry8 and i7 == 1.0
    condition17 = entry9 and i8 == 1.0
    condition18 = entry10 and i9 == 1.0
    second = (
        -2.0
        if not (
            condition10
            or condition11
            or condition12
            or condition13
            or condition14
            or condition15
            or condition16
            or condition17
            or condition18
        )
        else next_range_1
        if condition10
        else next_range_2
        if condition11
        else next_range_3
        if condition12
        else next_range_4
        if condition13
        else next_range_5
        if condition14
        else next_range_6
        if condition15
        else next_range_7
        if condition16
        else next_range_8
        if condition17
        else next_range_9
        if condition18
        else math.nan
    )
    value9 = float(entry10)
    condition19 = entry9 and value9 == 0.0
    term = value9 + value8
    condition20 = entry8 and term == 0.0
    term2 = term + value7
    condition21 = entry7 and term2 == 0.0
    term3 = term2 + value6
    condition22 = entry6 and term3 == 0.0
    term4 = term3 + value5
    condition23 = entry5 and term4 == 0.0
    term5 = term4 + value4
    condition24 = entry4 and term5 == 0.0
    term6 = term5 + value3
    condition25 = entry3 and term6 == 0.0
    term7 = term6 + value2
    condition26 = entry2 and term7 == 0.0
    condition27 = entry and term7 + value == 0.0
    tail = (
        -3.0
        if not (
            entry10
            or condition19
            or condition20
            or condition21
            or condition22
            or condition23
            or condition24
            or condition25
            or condition26
            or condition27
        )
        else next_range_9
        if entry10
        else next_range_8
        if condition19
        else next_range_7
        if condition20
        else next_range_6
        if condition21
        else next_range_5
        if condition22
        else next_range_4
        if condition23
        else next_range_3
        if condition24
        else next_range_2
        if condition25
        else next_range_1
        if condition26
        else next_range_0
        if condition27
        else math.nan
    )
    next_range_0_above_2 = next_range_0 > 2.0
    total_ = next_range_0 if entry and not next_range_0_above_2 else 0.0
    next_range_1_above_2 = next_range_1 > 2.0
    total_2 = total_ + next_range_1 if entry2 and not next_range_1_above_2 else total_
    next_range_2_above_2 = next_range_2 > 2.0
    total_3 = total_2 + next_range_2 if entry3 and not next_range_2_above_2 else total_2
    next_range_3_above_2 = next_range_3 > 2.0
    total_4 = total_3 + next_range_3 if entry4 and not next_range_3_above_2 else total_3
    next_range_4_above_2 = next_range_4 > 2.0
    total_5 = total_4 + next_range_4 if entry5 and not next_range_4_above_2 else total_4
    next_range_5_above_2 = next_range_5 > 2.0
    total_6 = total_5 + next_range_5 if entry6 and not next_range_5_above_2 else total_5
    next_range_6_above_2 = next_range_6 > 2.0
    total_7 = total_6 + next_range_6 if entry7 and not next_range_6_above_2 else total_6
    next_range_7_above_2 = next_range_7 > 2.0
    total_8 = total_7 + next_range_7 if entry8 and not next_range_7_above_2 else total_7
    next_range_8_above_2 = next_range_8 > 2.0
    total_9 = total_8 + next_range_8 if entry9 and not next_range_8_above_2 else total_8
    next_range_9_above_2 = next_range_9 > 2.0
    ranked = (
        (next_range_0 if entry else 0.0)
        + (next_range_1 * (i + 1.0) if entry2 else 0.0)
        + (next_range_2 * (i2 + 1.0) if entry3 else 0.0)
        + (next_range_3 * (i3 + 1.0) if entry4 else 0.0)
        + (next_range_4 * (i4 + 1.0) if entry5 else 0.0)
        + (next_range_5 * (i5 + 1.0) if entry6 else 0.0)
        + (next_range_6 * (i6 + 1.0) if entry7 else 0.0)
        + (next_range_7 * (i7 + 1.0) if entry8 else 0.0)
        + (next_range_8 * (i8 + 1.0) if entry9 else 0.0)
        + (next_range_9 * (i9 + 1.0) if entry10 else 0.0)
    )
    joints_0 = joints[0]
    joints_1 = joints[1]
    joints_2 = joints[2]
    joints_3 = joints[3]
    joints_4 = joints[4]
    joints_5 = joints[5]
    last = abs(joints_0)
    last2 = abs(joints_1)
    last3 = last2 if last2 > last else last
    last4 = abs(joints_2)
    last5 = last4 if last4 > last3 else last3
    last6 = abs(joints_3)
    last7 = last6 if last6 > last5 else last5
    last8 = abs(joints_4)
    last9 = last8 if last8 > last7 else last7
    last10 = abs(joints_5)
    nearest = next_range_1 if next_range_1 < next_range_0 else next_range_0
    nearest2 = next_range_2 if next_range_2 < nearest else nearest
    nearest3 = next_range_3 if next_range_3 < nearest2 else nearest2
    nearest4 = next_range_4 if next_range_4 < nearest3 else nearest3
    nearest5 = next_range_5 if next_range_5 < nearest4 else nearest4
    nearest6 = next_range_6 if next_range_6 < nearest5 else nearest5
    nearest7 = next_range_7 if next_range_7 < nearest6 else nearest6
    nearest8 = next_range_8 if next_range_8 < nearest7 else nearest7
    obs_range_0 = obs_range[0]
    obs_range_1 = obs_range[1]
    obs_range_2 = obs_range[2]
    obs_range_3 = obs_range[3]
    obs_range_4 = obs_range[4]
    obs_range_5 = obs_range[5]
    obs_range_6 = obs_range[6]
    obs_range_7 = obs_range[7]
    obs_range_8 = obs_range[8]
    obs_range_9 = obs_range[9]
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
    held = grip if holding else 0.0
    firm = 1.0 if grip > 3.0 else 0.0
    if any(r < 0.2 for r in next_range):
        hit2 = (
            next_range_0
            if next_range_0 < 0.2
            else next_range_1
            if next_range_1 < 0.2
            else next_range_2
            if next_range_2 < 0.2
            else next_range_3
            if next_range_3 < 0.2
            else next_range_4
            if next_range_4 < 0.2
            else next_range_5
            if next_range_5 < 0.2
            else next_range_6
            if next_range_6 < 0.2
            else next_range_7
            if next_range_7 < 0.2
            else next_range_8
            if next_range_8 < 0.2
            else next_range_9
            if next_range_9 < 0.2
            else math.nan
        )
        hit = 1.0 - hit2
    else:
        hit = 0.0
    if not (
        obs_range_9_below_limit
        or obs_range_8_below_limit
        or obs_range_7_below_limit
        or obs_range_6_below_limit
        or obs_range_5_below_limit
        or obs_range_4_below_limit
        or obs_range_3_below_limit
        or obs_range_2_below_limit
        or obs_range_1_below_limit
        or obs_range_0_below_limit
    ):
        miss2 = 1.0
    else:
        miss = (
            obs_range_9
            if obs_range_9_below_limit
            else obs_range_8
            if obs_range_8_below_limit
            else obs_range_7
            if obs_range_7_below_limit
            else obs_range_6
            if obs_range_6_below_limit
            else obs_range_5
            if obs_range_5_below_limit
            else obs_range_4
            if obs_range_4_below_limit
            else obs_range_3
            if obs_range_3_below_limit
            else obs_range_2
            if obs_range_2_below_limit
            else obs_range_1
            if obs_range_1_below_limit
            else obs_range_0
            if obs_range_0_below_limit
            else math.nan
        )
        miss2 = miss
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
            + minimum(
                0.5, *[r if x3 else math.inf for x3, r in zip(next_range_above_1, next_range)]
            )
        ),
        "held": held,
        "firm": firm,
        "last": last10 if last10 > last9 else last9,
        "nearest": next_range_9 if next_range_9 < nearest8 else nearest8,
        "hit": hit,
        "miss": miss2,
        "where": (
            (
                9.0
                if next_range_9_above_2
                else 8.0
                if next_range_8_above_2
                else 7.0
                if next_range_7_above_2
                else 6.0
                if next_range_6_above_2
                else 5.0
                if next_range_5_above_2
                else 4.0
                if next_range_4_above_2
                else 3.0
                if next_range_3_above_2
                else 2.0
                if next_range_2_above_2
                else 1.0
                if next_range_1_above_2
                else 0.0
                if next_range_0_above_2
                else -1.0
            )
            + (
                9.0
                if next_range_9 == 3.0
                else 8.0
                if next_range_8 == 3.0
                else 7.0
                if next_range_7 == 3.0
                else 6.0
                if next_range_6 == 3.0
                else 5.0
                if next_range_5 == 3.0
                else 4.0
                if next_range_4 == 3.0
                else 3.0
                if next_range_3 == 3.0
                else 2.0
                if next_range_2 == 3.0
                else 1.0
                if next_range_1 == 3.0
                else 0.0
                if next_range_0 == 3.0
                else -1.0
            )
        ),
        "inside": float(
            entry
            and next_range_0 == REACH
            or entry2
            and next_range_1 == REACH
            or entry3
            and next_range_2 == REACH
            or entry4
            and next_range_3 == REACH
            or entry5
            and next_range_4 == REACH
            or entry6
            and next_range_5 == REACH
            or entry7
            and next_range_6 == REACH
            or entry8
            and next_range_7 == REACH
            or entry9
            and next_range_8 == REACH
            or entry10
            and next_range_9 == REACH
            or any(x3 and r > 2.9 for x3, r in zip(next_range_above_1, next_range))
            or all(not x3 or r < 2.0 for x3, r in zip(next_range_above_1, next_range)),
        ),
    }
    total = total_9 + next_range_9 if entry10 and not next_range_9_above_2 else total_9
    return total, components


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


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

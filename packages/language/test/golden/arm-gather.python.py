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
    range_ = next_range[0]
    range_2 = next_range[1]
    range_3 = next_range[2]
    range_4 = next_range[3]
    range_5 = next_range[4]
    range_6 = next_range[5]
    range_below_near = range_6 < params["near"]
    range_7 = next_range[6]
    range_below_near2 = range_7 < params["near"]
    range_8 = next_range[7]
    range_below_near3 = range_8 < params["near"]
    range_9 = next_range[8]
    range_below_near4 = range_9 < params["near"]
    range_10 = next_range[9]
    least = minimum(3.0, range_) if range_ < params["near"] else 3.0
    least2 = minimum(least, range_2) if range_2 < params["near"] else least
    least3 = minimum(least2, range_3) if range_3 < params["near"] else least2
    least4 = minimum(least3, range_4) if range_4 < params["near"] else least3
    least5 = minimum(least4, range_5) if range_5 < params["near"] else least4
    least6 = minimum(least5, range_6) if range_below_near else least5
    least7 = minimum(least6, range_7) if range_below_near2 else least6
    least8 = minimum(least7, range_8) if range_below_near3 else least7
    least9 = minimum(least8, range_9) if range_below_near4 else least8
    worst = minimum(least9, range_10) if range_10 < params["near"] else least9
    next_range_below_near = [r < params["near"] for r in next_range]
    subtotal = add_up(float(x) for x in next_range_below_near)
    average = (
        divide(
            add_up((r if x else -0.0 for x, r in zip(next_range_below_near, next_range)), 0.0),
            subtotal,
        )
        if subtotal > 0.0
        else 3.0
    )
    after = (
        (
            range_6
            if range_below_near
            else range_7
            if range_below_near2
            else range_8
            if range_below_near3
            else range_9
            if range_below_near4
            else range_10
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
    i = 0.0 + float(entry)
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
        else range_
        if entry
        else range_2
        if condition
        else range_3
        if condition2
        else range_4
        if condition3
        else range_5
        if condition4
        else range_6
        if condition5
        else range_7
        if condition6
        else range_8
        if condition7
        else range_9
        if condition8
        else range_10
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
        else range_2
        if condition10
        else range_3
        if condition11
        else range_4
        if condition12
        else range_5
        if condition13
        else range_6
        if condition14
        else range_7
        if condition15
        else range_8
        if condition16
        else range_9
        if condition17
        else range_10
        if condition18
        else math.nan
    )
    value9 = float(entry10)
    term = 0.0 + value9
    condition19 = entry9 and term == 0.0
    term2 = term + value8
    condition20 = entry8 and term2 == 0.0
    term3 = term2 + value7
    condition21 = entry7 and term3 == 0.0
    term4 = term3 + value6
    condition22 = entry6 and term4 == 0.0
    term5 = term4 + value5
    condition23 = entry5 and term5 == 0.0
    term6 = term5 + value4
    condition24 = entry4 and term6 == 0.0
    term7 = term6 + value3
    condition25 = entry3 and term7 == 0.0
    term8 = term7 + value2
    condition26 = entry2 and term8 == 0.0
    condition27 = entry and term8 + value == 0.0
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
        else range_10
        if entry10
        else range_9
        if condition19
        else range_8
        if condition20
        else range_7
        if condition21
        else range_6
        if condition22
        else range_5
        if condition23
        else range_4
        if condition24
        else range_3
        if condition25
        else range_2
        if condition26
        else range_
        if condition27
        else math.nan
    )
    range_above_2 = range_ > 2.0
    chosen = (0.0 if range_above_2 else 0.0 + range_) if entry else 0.0
    range_above_2_2 = range_2 > 2.0
    chosen2 = (chosen if range_above_2_2 else chosen + range_2) if entry2 else chosen
    range_above_2_3 = range_3 > 2.0
    chosen3 = (chosen2 if range_above_2_3 else chosen2 + range_3) if entry3 else chosen2
    range_above_2_4 = range_4 > 2.0
    chosen4 = (chosen3 if range_above_2_4 else chosen3 + range_4) if entry4 else chosen3
    range_above_2_5 = range_5 > 2.0
    chosen5 = (chosen4 if range_above_2_5 else chosen4 + range_5) if entry5 else chosen4
    range_above_2_6 = range_6 > 2.0
    chosen6 = (chosen5 if range_above_2_6 else chosen5 + range_6) if entry6 else chosen5
    range_above_2_7 = range_7 > 2.0
    chosen7 = (chosen6 if range_above_2_7 else chosen6 + range_7) if entry7 else chosen6
    range_above_2_8 = range_8 > 2.0
    chosen8 = (chosen7 if range_above_2_8 else chosen7 + range_8) if entry8 else chosen7
    range_above_2_9 = range_9 > 2.0
    chosen9 = (chosen8 if range_above_2_9 else chosen8 + range_9) if entry9 else chosen8
    range_above_2_10 = range_10 > 2.0
    ranked = (
        0.0
        + (range_ * 1.0 if entry else -0.0)
        + (range_2 * (i + 1.0) if entry2 else -0.0)
        + (range_3 * (i2 + 1.0) if entry3 else -0.0)
        + (range_4 * (i3 + 1.0) if entry4 else -0.0)
        + (range_5 * (i4 + 1.0) if entry5 else -0.0)
        + (range_6 * (i5 + 1.0) if entry6 else -0.0)
        + (range_7 * (i6 + 1.0) if entry7 else -0.0)
        + (range_8 * (i7 + 1.0) if entry8 else -0.0)
        + (range_9 * (i8 + 1.0) if entry9 else -0.0)
        + (range_10 * (i9 + 1.0) if entry10 else -0.0)
    )
    q = joints[0]
    q2 = joints[1]
    q3 = joints[2]
    q4 = joints[3]
    q5 = joints[4]
    q6 = joints[5]
    last = abs(q) + 0.0
    abs_ = abs(q2)
    chosen10 = abs_ + 0.0 if abs_ > last else last
    abs_2 = abs(q3)
    chosen11 = abs_2 + 0.0 if abs_2 > chosen10 else chosen10
    abs_3 = abs(q4)
    chosen12 = abs_3 + 0.0 if abs_3 > chosen11 else chosen11
    abs_4 = abs(q5)
    chosen13 = abs_4 + 0.0 if abs_4 > chosen12 else chosen12
    abs_5 = abs(q6)
    chosen14 = range_2 if range_2 < range_ else range_
    chosen15 = range_3 if range_3 < chosen14 else chosen14
    chosen16 = range_4 if range_4 < chosen15 else chosen15
    chosen17 = range_5 if range_5 < chosen16 else chosen16
    chosen18 = range_6 if range_6 < chosen17 else chosen17
    chosen19 = range_7 if range_7 < chosen18 else chosen18
    chosen20 = range_8 if range_8 < chosen19 else chosen19
    chosen21 = range_9 if range_9 < chosen20 else chosen20
    r2 = obs_range[0]
    r3 = obs_range[1]
    r4 = obs_range[2]
    r5 = obs_range[3]
    r6 = obs_range[4]
    r7 = obs_range[5]
    r8 = obs_range[6]
    r9 = obs_range[7]
    r10 = obs_range[8]
    r11 = obs_range[9]
    r_below_limit = r11 < 0.3
    r_below_limit2 = r10 < 0.3
    r_below_limit3 = r9 < 0.3
    r_below_limit4 = r8 < 0.3
    r_below_limit5 = r7 < 0.3
    r_below_limit6 = r6 < 0.3
    r_below_limit7 = r5 < 0.3
    r_below_limit8 = r4 < 0.3
    r_below_limit9 = r3 < 0.3
    r_below_limit10 = r2 < 0.3
    held = grip if holding else 0.0
    firm = 1.0 if grip > 3.0 else 0.0
    if any(r < 0.2 for r in next_range):
        hit2 = (
            range_
            if range_ < 0.2
            else range_2
            if range_2 < 0.2
            else range_3
            if range_3 < 0.2
            else range_4
            if range_4 < 0.2
            else range_5
            if range_5 < 0.2
            else range_6
            if range_6 < 0.2
            else range_7
            if range_7 < 0.2
            else range_8
            if range_8 < 0.2
            else range_9
            if range_9 < 0.2
            else range_10
            if range_10 < 0.2
            else math.nan
        )
        hit = 1.0 - hit2
    else:
        hit = 0.0
    if not (
        r_below_limit
        or r_below_limit2
        or r_below_limit3
        or r_below_limit4
        or r_below_limit5
        or r_below_limit6
        or r_below_limit7
        or r_below_limit8
        or r_below_limit9
        or r_below_limit10
    ):
        miss2 = 1.0
    else:
        miss = (
            r11
            if r_below_limit
            else r10
            if r_below_limit2
            else r9
            if r_below_limit3
            else r8
            if r_below_limit4
            else r7
            if r_below_limit5
            else r6
            if r_below_limit6
            else r5
            if r_below_limit7
            else r4
            if r_below_limit8
            else r3
            if r_below_limit9
            else r2
            if r_below_limit10
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
        "last": abs_5 + 0.0 if abs_5 > chosen13 else chosen13,
        "nearest": range_10 if range_10 < chosen21 else chosen21,
        "hit": hit,
        "miss": miss2,
        "where": (
            (
                9.0
                if range_above_2_10
                else 8.0
                if range_above_2_9
                else 7.0
                if range_above_2_8
                else 6.0
                if range_above_2_7
                else 5.0
                if range_above_2_6
                else 4.0
                if range_above_2_5
                else 3.0
                if range_above_2_4
                else 2.0
                if range_above_2_3
                else 1.0
                if range_above_2_2
                else 0.0
                if range_above_2
                else -1.0
            )
            + (
                9.0
                if range_10 == 3.0
                else 8.0
                if range_9 == 3.0
                else 7.0
                if range_8 == 3.0
                else 6.0
                if range_7 == 3.0
                else 5.0
                if range_6 == 3.0
                else 4.0
                if range_5 == 3.0
                else 3.0
                if range_4 == 3.0
                else 2.0
                if range_3 == 3.0
                else 1.0
                if range_2 == 3.0
                else 0.0
                if range_ == 3.0
                else -1.0
            )
        ),
        "inside": float(
            entry
            and range_ == REACH
            or entry2
            and range_2 == REACH
            or entry3
            and range_3 == REACH
            or entry4
            and range_4 == REACH
            or entry5
            and range_5 == REACH
            or entry6
            and range_6 == REACH
            or entry7
            and range_7 == REACH
            or entry8
            and range_8 == REACH
            or entry9
            and range_9 == REACH
            or entry10
            and range_10 == REACH
            or any(x3 and r > 2.9 for x3, r in zip(next_range_above_1, next_range))
            or all(not x3 or r < 2.0 for x3, r in zip(next_range_above_1, next_range)),
        ),
    }
    total = (chosen9 if range_above_2_10 else chosen9 + range_10) if entry10 else chosen9
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

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
    range_ = next_range[..., 0]
    range_2 = next_range[..., 1]
    range_3 = next_range[..., 2]
    range_4 = next_range[..., 3]
    range_5 = next_range[..., 4]
    range_6 = next_range[..., 5]
    range_below_near = range_6 < params["near"]
    range_7 = next_range[..., 6]
    range_below_near2 = range_7 < params["near"]
    range_8 = next_range[..., 7]
    range_below_near3 = range_8 < params["near"]
    range_9 = next_range[..., 8]
    range_below_near4 = range_9 < params["near"]
    range_10 = next_range[..., 9]
    least = np.where(range_ < params["near"], np.minimum(3.0, range_), 3.0)
    least2 = np.where(range_2 < params["near"], np.minimum(least, range_2), least)
    least3 = np.where(range_3 < params["near"], np.minimum(least2, range_3), least2)
    least4 = np.where(range_4 < params["near"], np.minimum(least3, range_4), least3)
    least5 = np.where(range_5 < params["near"], np.minimum(least4, range_5), least4)
    least6 = np.where(range_below_near, np.minimum(least5, range_6), least5)
    least7 = np.where(range_below_near2, np.minimum(least6, range_7), least6)
    least8 = np.where(range_below_near3, np.minimum(least7, range_8), least7)
    least9 = np.where(range_below_near4, np.minimum(least8, range_9), least8)
    worst = np.where(range_10 < params["near"], np.minimum(least9, range_10), least9)
    next_range_below_near = next_range < params["near"]
    subtotal = add_up(np.where(next_range_below_near, 1.0, 0.0))
    average = np.where(
        subtotal > 0.0, add_up(np.where(next_range_below_near, next_range, 0.0)) / subtotal, 3.0
    )
    chosen = np.where(
        range_below_near,
        range_6,
        np.where(
            range_below_near2,
            range_7,
            np.where(range_below_near3, range_8, np.where(range_below_near4, range_9, range_10)),
        ),
    )
    after = np.where(np.any(next_range[..., 5:] < params["near"], axis=-1), chosen, 3.0)
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
    chosen2 = np.where(
        condition6,
        range_7,
        np.where(
            condition7,
            range_8,
            np.where(condition8, range_9, np.where(condition9, range_10, np.nan)),
        ),
    )
    chosen3 = np.where(
        condition2,
        range_3,
        np.where(
            condition3,
            range_4,
            np.where(condition4, range_5, np.where(condition5, range_6, chosen2)),
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
        np.where(entry, range_, np.where(condition, range_2, chosen3)),
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
    chosen4 = np.where(
        condition15,
        range_7,
        np.where(
            condition16,
            range_8,
            np.where(condition17, range_9, np.where(condition18, range_10, np.nan)),
        ),
    )
    chosen5 = np.where(
        condition11,
        range_3,
        np.where(
            condition12,
            range_4,
            np.where(condition13, range_5, np.where(condition14, range_6, chosen4)),
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
        np.where(condition10, range_2, chosen5),
    )
    value9 = np.where(entry10, 1.0, 0.0)
    term = value9
    condition19 = entry9 & (term == 0.0)
    term2 = term + value8
    condition20 = entry8 & (term2 == 0.0)
    term3 = term2 + value7
    condition21 = entry7 & (term3 == 0.0)
    term4 = term3 + value6
    condition22 = entry6 & (term4 == 0.0)
    term5 = term4 + value5
    condition23 = entry5 & (term5 == 0.0)
    term6 = term5 + value4
    condition24 = entry4 & (term6 == 0.0)
    term7 = term6 + value3
    condition25 = entry3 & (term7 == 0.0)
    term8 = term7 + value2
    condition26 = entry2 & (term8 == 0.0)
    condition27 = entry & (term8 + value == 0.0)
    chosen6 = np.where(
        condition24,
        range_4,
        np.where(
            condition25,
            range_3,
            np.where(condition26, range_2, np.where(condition27, range_, np.nan)),
        ),
    )
    chosen7 = np.where(
        condition20,
        range_8,
        np.where(
            condition21,
            range_7,
            np.where(condition22, range_6, np.where(condition23, range_5, chosen6)),
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
        np.where(entry10, range_10, np.where(condition19, range_9, chosen7)),
    )
    range_above_2 = range_ > 2.0
    chosen8 = np.where(entry, np.where(range_above_2, 0.0, range_), 0.0)
    range_above_2_2 = range_2 > 2.0
    chosen9 = np.where(entry2, np.where(range_above_2_2, chosen8, chosen8 + range_2), chosen8)
    range_above_2_3 = range_3 > 2.0
    chosen10 = np.where(entry3, np.where(range_above_2_3, chosen9, chosen9 + range_3), chosen9)
    range_above_2_4 = range_4 > 2.0
    chosen11 = np.where(entry4, np.where(range_above_2_4, chosen10, chosen10 + range_4), chosen10)
    range_above_2_5 = range_5 > 2.0
    chosen12 = np.where(entry5, np.where(range_above_2_5, chosen11, chosen11 + range_5), chosen11)
    range_above_2_6 = range_6 > 2.0
    chosen13 = np.where(entry6, np.where(range_above_2_6, chosen12, chosen12 + range_6), chosen12)
    range_above_2_7 = range_7 > 2.0
    chosen14 = np.where(entry7, np.where(range_above_2_7, chosen13, chosen13 + range_7), chosen13)
    range_above_2_8 = range_8 > 2.0
    chosen15 = np.where(entry8, np.where(range_above_2_8, chosen14, chosen14 + range_8), chosen14)
    range_above_2_9 = range_9 > 2.0
    chosen16 = np.where(entry9, np.where(range_above_2_9, chosen15, chosen15 + range_9), chosen15)
    range_above_2_10 = range_10 > 2.0
    ranked = (
        np.where(entry, range_ * 1.0, 0.0)
        + np.where(entry2, range_2 * (i + 1.0), 0.0)
        + np.where(entry3, range_3 * (i2 + 1.0), 0.0)
        + np.where(entry4, range_4 * (i3 + 1.0), 0.0)
        + np.where(entry5, range_5 * (i4 + 1.0), 0.0)
        + np.where(entry6, range_6 * (i5 + 1.0), 0.0)
        + np.where(entry7, range_7 * (i6 + 1.0), 0.0)
        + np.where(entry8, range_8 * (i7 + 1.0), 0.0)
        + np.where(entry9, range_9 * (i8 + 1.0), 0.0)
        + np.where(entry10, range_10 * (i9 + 1.0), 0.0)
    )
    q = joints[..., 0]
    q2 = joints[..., 1]
    q3 = joints[..., 2]
    q4 = joints[..., 3]
    q5 = joints[..., 4]
    q6 = joints[..., 5]
    last = np.abs(q) + 0.0
    abs_ = np.abs(q2)
    chosen17 = np.where(abs_ > last, abs_ + 0.0, last)
    abs_2 = np.abs(q3)
    chosen18 = np.where(abs_2 > chosen17, abs_2 + 0.0, chosen17)
    abs_3 = np.abs(q4)
    chosen19 = np.where(abs_3 > chosen18, abs_3 + 0.0, chosen18)
    abs_4 = np.abs(q5)
    chosen20 = np.where(abs_4 > chosen19, abs_4 + 0.0, chosen19)
    abs_5 = np.abs(q6)
    chosen21 = np.where(range_2 < range_, range_2, range_)
    chosen22 = np.where(range_3 < chosen21, range_3, chosen21)
    chosen23 = np.where(range_4 < chosen22, range_4, chosen22)
    chosen24 = np.where(range_5 < chosen23, range_5, chosen23)
    chosen25 = np.where(range_6 < chosen24, range_6, chosen24)
    chosen26 = np.where(range_7 < chosen25, range_7, chosen25)
    chosen27 = np.where(range_8 < chosen26, range_8, chosen26)
    chosen28 = np.where(range_9 < chosen27, range_9, chosen27)
    chosen29 = np.where(
        range_7 < 0.2,
        range_7,
        np.where(
            range_8 < 0.2,
            range_8,
            np.where(range_9 < 0.2, range_9, np.where(range_10 < 0.2, range_10, np.nan)),
        ),
    )
    chosen30 = np.where(
        range_3 < 0.2,
        range_3,
        np.where(
            range_4 < 0.2,
            range_4,
            np.where(range_5 < 0.2, range_5, np.where(range_6 < 0.2, range_6, chosen29)),
        ),
    )
    hit = np.where(range_ < 0.2, range_, np.where(range_2 < 0.2, range_2, chosen30))
    r = obs_range[..., 0]
    r2 = obs_range[..., 1]
    r3 = obs_range[..., 2]
    r4 = obs_range[..., 3]
    r5 = obs_range[..., 4]
    r6 = obs_range[..., 5]
    r7 = obs_range[..., 6]
    r8 = obs_range[..., 7]
    r9 = obs_range[..., 8]
    r10 = obs_range[..., 9]
    r_below_limit = r10 < 0.3
    r_below_limit2 = r9 < 0.3
    r_below_limit3 = r8 < 0.3
    r_below_limit4 = r7 < 0.3
    r_below_limit5 = r6 < 0.3
    r_below_limit6 = r5 < 0.3
    r_below_limit7 = r4 < 0.3
    r_below_limit8 = r3 < 0.3
    r_below_limit9 = r2 < 0.3
    r_below_limit10 = r < 0.3
    chosen31 = np.where(
        r_below_limit7,
        r4,
        np.where(
            r_below_limit8, r3, np.where(r_below_limit9, r2, np.where(r_below_limit10, r, np.nan))
        ),
    )
    chosen32 = np.where(
        r_below_limit3,
        r8,
        np.where(
            r_below_limit4, r7, np.where(r_below_limit5, r6, np.where(r_below_limit6, r5, chosen31))
        ),
    )
    miss = np.where(r_below_limit, r10, np.where(r_below_limit2, r9, chosen32))
    held = np.where(holding, grip, 0.0)
    firm = np.where(grip > 3.0, 1.0, 0.0)
    chosen33 = np.where(
        range_above_2_4,
        3.0,
        np.where(
            range_above_2_3, 2.0, np.where(range_above_2_2, 1.0, np.where(range_above_2, 0.0, -1.0))
        ),
    )
    chosen34 = np.where(
        range_above_2_8,
        7.0,
        np.where(
            range_above_2_7,
            6.0,
            np.where(range_above_2_6, 5.0, np.where(range_above_2_5, 4.0, chosen33)),
        ),
    )
    chosen35 = np.where(
        range_4 == 3.0,
        3.0,
        np.where(
            range_3 == 3.0, 2.0, np.where(range_2 == 3.0, 1.0, np.where(range_ == 3.0, 0.0, -1.0))
        ),
    )
    chosen36 = np.where(
        range_8 == 3.0,
        7.0,
        np.where(
            range_7 == 3.0,
            6.0,
            np.where(range_6 == 3.0, 5.0, np.where(range_5 == 3.0, 4.0, chosen35)),
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
        "last": np.where(abs_5 > chosen20, abs_5 + 0.0, chosen20),
        "nearest": np.where(range_10 < chosen28, range_10, chosen28),
        "hit": np.where(np.any(next_range < 0.2, axis=-1), 1.0 - hit, 0.0),
        "miss": np.where(
            ~(
                r_below_limit
                | r_below_limit2
                | r_below_limit3
                | r_below_limit4
                | r_below_limit5
                | r_below_limit6
                | r_below_limit7
                | r_below_limit8
                | r_below_limit9
                | r_below_limit10
            ),
            1.0,
            miss,
        ),
        "where": (
            np.where(range_above_2_10, 9.0, np.where(range_above_2_9, 8.0, chosen34))
            + np.where(range_10 == 3.0, 9.0, np.where(range_9 == 3.0, 8.0, chosen36))
        ),
        "inside": np.where(
            entry & (range_ == REACH)
            | entry2 & (range_2 == REACH)
            | entry3 & (range_3 == REACH)
            | entry4 & (range_4 == REACH)
            | entry5 & (range_5 == REACH)
            | entry6 & (range_6 == REACH)
            | entry7 & (range_7 == REACH)
            | entry8 & (range_8 == REACH)
            | entry9 & (range_9 == REACH)
            | entry10 & (range_10 == REACH)
            | np.any(next_range_above_1 & (next_range > 2.9), axis=-1)
            | np.all(~next_range_above_1 | (next_range < 2.0), axis=-1),
            1.0,
            0.0,
        ),
    }
    total = np.where(entry10, np.where(range_above_2_10, chosen16, chosen16 + range_10), chosen16)
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

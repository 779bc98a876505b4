"""Reward for table-arm.

Entries written at places that the step chooses, and records that helpers change and hand back.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["hand"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag
    next_obs["grip"] (batch,), N

Components: low, mid, high, sectors, row, votes, order, popped, largest, hypotenuse. The total is
their sum.
"""

import json
import math
import sys

import numpy as np

PARAMS = {
    "bins.low": 0.5,
    "bins.high": 1.5,
}
POPPED = 5.0


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    hand = next_obs["hand"]
    range_ = next_obs["range"]
    touch = next_obs["touch"]
    grip = next_obs["grip"]
    r = range_[..., 0]
    r2 = range_[..., 1]
    r3 = range_[..., 2]
    r4 = range_[..., 3]
    r5 = range_[..., 4]
    r6 = range_[..., 5]
    r7 = range_[..., 6]
    r8 = range_[..., 7]
    r9 = range_[..., 8]
    r10 = range_[..., 9]
    r_below_bins_low = r < params["bins.low"]
    r_below_bins_high = r < params["bins.high"]
    r_below_bins_low2 = r2 < params["bins.low"]
    r_below_bins_high2 = r2 < params["bins.high"]
    chosen = np.where(r_below_bins_low, 1.0, 0.0)
    chosen2 = np.where(r_below_bins_low, 0.0, np.where(r_below_bins_high, 1.0, 0.0))
    chosen3 = np.where(r_below_bins_low, 0.0, np.where(r_below_bins_high, 0.0, 1.0))
    low = np.where(r_below_bins_low2, chosen, np.where(r_below_bins_high2, chosen2, chosen3)) + 1.0
    r_below_bins_low3 = r3 < params["bins.low"]
    r_below_bins_high3 = r3 < params["bins.high"]
    chosen4 = np.where(r_below_bins_low2, low, chosen)
    chosen5 = np.where(r_below_bins_low2, chosen2, np.where(r_below_bins_high2, low, chosen2))
    chosen6 = np.where(r_below_bins_low2, chosen3, np.where(r_below_bins_high2, chosen3, low))
    low2 = (
        np.where(r_below_bins_low3, chosen4, np.where(r_below_bins_high3, chosen5, chosen6)) + 1.0
    )
    r_below_bins_low4 = r4 < params["bins.low"]
    r_below_bins_high4 = r4 < params["bins.high"]
    chosen7 = np.where(r_below_bins_low3, low2, chosen4)
    chosen8 = np.where(r_below_bins_low3, chosen5, np.where(r_below_bins_high3, low2, chosen5))
    chosen9 = np.where(r_below_bins_low3, chosen6, np.where(r_below_bins_high3, chosen6, low2))
    low3 = (
        np.where(r_below_bins_low4, chosen7, np.where(r_below_bins_high4, chosen8, chosen9)) + 1.0
    )
    r_below_bins_low5 = r5 < params["bins.low"]
    r_below_bins_high5 = r5 < params["bins.high"]
    chosen10 = np.where(r_below_bins_low4, low3, chosen7)
    chosen11 = np.where(r_below_bins_low4, chosen8, np.where(r_below_bins_high4, low3, chosen8))
    chosen12 = np.where(r_below_bins_low4, chosen9, np.where(r_below_bins_high4, chosen9, low3))
    low4 = (
        np.where(r_below_bins_low5, chosen10, np.where(r_below_bins_high5, chosen11, chosen12))
        + 1.0
    )
    r_below_bins_low6 = r6 < params["bins.low"]
    r_below_bins_high6 = r6 < params["bins.high"]
    chosen13 = np.where(r_below_bins_low5, low4, chosen10)
    chosen14 = np.where(r_below_bins_low5, chosen11, np.where(r_below_bins_high5, low4, chosen11))
    chosen15 = np.where(r_below_bins_low5, chosen12, np.where(r_below_bins_high5, chosen12, low4))
    low5 = (
        np.where(r_below_bins_low6, chosen13, np.where(r_below_bins_high6, chosen14, chosen15))
        + 1.0
    )
    r_below_bins_low7 = r7 < params["bins.low"]
    r_below_bins_high7 = r7 < params["bins.high"]
    chosen16 = np.where(r_below_bins_low6, low5, chosen13)
    chosen17 = np.where(r_below_bins_low6, chosen14, np.where(r_below_bins_high6, low5, chosen14))
    chosen18 = np.where(r_below_bins_low6, chosen15, np.where(r_below_bins_high6, chosen15, low5))
    low6 = (
        np.where(r_below_bins_low7, chosen16, np.where(r_below_bins_high7, chosen17, chosen18))
        + 1.0
    )
    r_below_bins_low8 = r8 < params["bins.low"]
    r_below_bins_high8 = r8 < params["bins.high"]
    chosen19 = np.where(r_below_bins_low7, low6, chosen16)
    chosen20 = np.where(r_below_bins_low7, chosen17, np.where(r_below_bins_high7, low6, chosen17))
    chosen21 = np.where(r_below_bins_low7, chosen18, np.where(r_below_bins_high7, chosen18, low6))
    low7 = (
        np.where(r_below_bins_low8, chosen19, np.where(r_below_bins_high8, chosen20, chosen21))
        + 1.0
    )
    r_below_bins_low9 = r9 < params["bins.low"]
    r_below_bins_high9 = r9 < params["bins.high"]
    chosen22 = np.where(r_below_bins_low8, low7, chosen19)
    chosen23 = np.where(r_below_bins_low8, chosen20, np.where(r_below_bins_high8, low7, chosen20))
    chosen24 = np.where(r_below_bins_low8, chosen21, np.where(r_below_bins_high8, chosen21, low7))
    low8 = (
        np.where(r_below_bins_low9, chosen22, np.where(r_below_bins_high9, chosen23, chosen24))
        + 1.0
    )
    r_below_bins_low10 = r10 < params["bins.low"]
    r_below_bins_high10 = r10 < params["bins.high"]
    chosen25 = np.where(r_below_bins_low9, low8, chosen22)
    chosen26 = np.where(r_below_bins_low9, chosen23, np.where(r_below_bins_high9, low8, chosen23))
    chosen27 = np.where(r_below_bins_low9, chosen24, np.where(r_below_bins_high9, chosen24, low8))
    low9 = (
        np.where(r_below_bins_low10, chosen25, np.where(r_below_bins_high10, chosen26, chosen27))
        + 1.0
    )
    floor = np.floor(0.0)
    condition = floor == 0.0
    condition2 = floor == 1.0
    condition3 = floor == 2.0
    term = (0.0 if condition else 0.0 if condition2 else 0.0 if condition3 else np.nan) + r / 4.0
    chosen28 = term if condition else 0.0
    chosen29 = term if condition2 else 0.0
    chosen30 = term if condition3 else 0.0
    floor2 = np.floor(0.25)
    condition4 = floor2 == 0.0
    condition5 = floor2 == 1.0
    condition6 = floor2 == 2.0
    term2 = (
        chosen28 if condition4 else chosen29 if condition5 else chosen30 if condition6 else np.nan
    ) + r2 / 4.0
    chosen31 = term2 if condition4 else chosen28
    chosen32 = term2 if condition5 else chosen29
    chosen33 = term2 if condition6 else chosen30
    floor3 = np.floor(0.5)
    condition7 = floor3 == 0.0
    condition8 = floor3 == 1.0
    condition9 = floor3 == 2.0
    term3 = (
        chosen31 if condition7 else chosen32 if condition8 else chosen33 if condition9 else np.nan
    ) + r3 / 4.0
    chosen34 = term3 if condition7 else chosen31
    chosen35 = term3 if condition8 else chosen32
    chosen36 = term3 if condition9 else chosen33
    floor4 = np.floor(0.75)
    condition10 = floor4 == 0.0
    condition11 = floor4 == 1.0
    condition12 = floor4 == 2.0
    term4 = (
        chosen34
        if condition10
        else chosen35
        if condition11
        else chosen36
        if condition12
        else np.nan
    ) + r4 / 4.0
    chosen37 = term4 if condition10 else chosen34
    chosen38 = term4 if condition11 else chosen35
    chosen39 = term4 if condition12 else chosen36
    floor5 = np.floor(1.0)
    condition13 = floor5 == 0.0
    condition14 = floor5 == 1.0
    condition15 = floor5 == 2.0
    term5 = (
        chosen37
        if condition13
        else chosen38
        if condition14
        else chosen39
        if condition15
        else np.nan
    ) + r5 / 4.0
    chosen40 = term5 if condition13 else chosen37
    chosen41 = term5 if condition14 else chosen38
    chosen42 = term5 if condition15 else chosen39
    floor6 = np.floor(1.25)
    condition16 = floor6 == 0.0
    condition17 = floor6 == 1.0
    condition18 = floor6 == 2.0
    term6 = (
        chosen40
        if condition16
        else chosen41
        if condition17
        else chosen42
        if condition18
        else np.nan
    ) + r6 / 4.0
    chosen43 = term6 if condition16 else chosen40
    chosen44 = term6 if condition17 else chosen41
    chosen45 = term6 if condition18 else chosen42
    floor7 = np.floor(1.5)
    condition19 = floor7 == 0.0
    condition20 = floor7 == 1.0
    condition21 = floor7 == 2.0
    term7 = (
        chosen43
        if condition19
        else chosen44
        if condition20
        else chosen45
        if condition21
        else np.nan
    ) + r7 / 4.0
    chosen46 = term7 if condition19 else chosen43
    chosen47 = term7 if condition20 else chosen44
    chosen48 = term7 if condition21 else chosen45
    floor8 = np.floor(1.75)
    condition22 = floor8 == 0.0
    condition23 = floor8 == 1.0
    condition24 = floor8 == 2.0
    term8 = (
        chosen46
        if condition22
        else chosen47
        if condition23
        else chosen48
        if condition24
        else np.nan
    ) + r8 / 4.0
    chosen49 = term8 if condition22 else chosen46
    chosen50 = term8 if condition23 else chosen47
    chosen51 = term8 if condition24 else chosen48
    floor9 = np.floor(2.0)
    condition25 = floor9 == 0.0
    condition26 = floor9 == 1.0
    condition27 = floor9 == 2.0
    term9 = (
        chosen49
        if condition25
        else chosen50
        if condition26
        else chosen51
        if condition27
        else np.nan
    ) + r9 / 4.0
    chosen52 = term9 if condition25 else chosen49
    chosen53 = term9 if condition27 else chosen51
    floor10 = np.floor(2.25)
    condition28 = floor10 == 0.0
    condition29 = floor10 == 2.0
    term10 = (
        chosen52
        if condition28
        else (term9 if condition26 else chosen50)
        if floor10 == 1.0
        else chosen53
        if condition29
        else np.nan
    ) + r10 / 4.0
    floor11 = np.floor(np.minimum(3.0, np.maximum(0.0, grip / 8.0)))
    touch2 = touch[..., 0]
    touch3 = touch[..., 1]
    touch_is_0 = touch2 == 0.0
    touch_is_1 = touch2 == 1.0
    touch_is_2 = touch2 == 2.0
    term11 = (
        np.where(touch_is_0, 0.0, np.where(touch_is_1, 0.0, np.where(touch_is_2, 0.0, np.nan)))
        + 1.0
    )
    chosen54 = np.where(touch_is_0, term11, 0.0)
    chosen55 = np.where(touch_is_1, term11, 0.0)
    touch_is_0_2 = touch3 == 0.0
    touch_is_1_2 = touch3 == 1.0
    term12 = (
        np.where(
            touch_is_0_2,
            chosen54,
            np.where(
                touch_is_1_2,
                chosen55,
                np.where(touch3 == 2.0, np.where(touch_is_2, term11, 0.0), np.nan),
            ),
        )
        + 1.0
    )
    entry = hand[..., 0]
    entry2 = hand[..., 1]
    largest_ = largest(action)
    hypotenuse = hypot(entry, entry2)
    components = {
        "low": np.where(r_below_bins_low10, low9, chosen25),
        "mid": np.where(
            r_below_bins_low10, chosen26, np.where(r_below_bins_high10, low9, chosen26)
        ),
        "high": np.where(
            r_below_bins_low10, chosen27, np.where(r_below_bins_high10, chosen27, low9)
        ),
        "sectors": (term10 if condition28 else chosen52) - (term10 if condition29 else chosen53),
        "row": np.where(floor11 == 3.0, 1.0, 0.0) - np.where(floor11 == 0.0, 1.0, 0.0),
        "votes": (
            np.where(touch_is_1_2, term12, chosen55) - np.where(touch_is_0_2, term12, chosen54)
        ),
        "order": entry - entry2 + hand[..., 2],
        "popped": np.full(np.shape(terminated), POPPED),
        "largest": largest_,
        "hypotenuse": hypotenuse,
    }
    total = (
        components["low"]
        + components["mid"]
        + components["high"]
        + components["sectors"]
        + components["row"]
        + components["votes"]
        + components["order"]
        + components["popped"]
        + components["largest"]
        + components["hypotenuse"]
    )
    return total, components


def largest(v):
    """Largest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.maximum(result, v[..., i])
    return result


def hypot(a, b):
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = np.abs(a), np.abs(b)
    larger = np.maximum(x, y)
    u, v = x / larger, y / larger
    length = np.where(larger == 0.0, 0.0, np.sqrt(u * u + v * v) * larger)
    return np.where(np.isinf(x) | np.isinf(y), math.inf, length)


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

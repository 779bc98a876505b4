"""Reward for table-arm.

Entries written at places that the step chooses, and records that helpers change and hand back.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

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
from typing import Dict, List, Tuple

import torch


def reward(
    obs: Dict[str, torch.Tensor],
    action: torch.Tensor,
    next_obs: Dict[str, torch.Tensor],
    terminated: torch.Tensor,
    truncated: torch.Tensor,
    bins_low: float = 0.5,
    bins_high: float = 1.5,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([action, next_obs["hand"], next_obs["range"], next_obs["grip"]])
    hand = next_obs["hand"]
    range_ = next_obs["range"]
    touch = next_obs["touch"].to(dtype)
    grip = next_obs["grip"]
    range_0 = range_[..., 0]
    range_1 = range_[..., 1]
    range_2 = range_[..., 2]
    range_3 = range_[..., 3]
    range_4 = range_[..., 4]
    range_5 = range_[..., 5]
    range_6 = range_[..., 6]
    range_7 = range_[..., 7]
    range_8 = range_[..., 8]
    range_9 = range_[..., 9]
    range_0_below_bins_low = range_0 < bins_low
    range_0_below_bins_high = range_0 < bins_high
    range_1_below_bins_low = range_1 < bins_low
    range_1_below_bins_high = range_1 < bins_high
    chosen = choose(range_0_below_bins_low, 1.0, 0.0, dtype)
    chosen2 = choose(~range_0_below_bins_low & range_0_below_bins_high, 1.0, 0.0, dtype)
    chosen3 = choose(range_0_below_bins_low | range_0_below_bins_high, 0.0, 1.0, dtype)
    low = (
        torch.where(
            range_1_below_bins_low, chosen, torch.where(range_1_below_bins_high, chosen2, chosen3)
        )
        + 1.0
    )
    range_2_below_bins_low = range_2 < bins_low
    range_2_below_bins_high = range_2 < bins_high
    chosen4 = torch.where(range_1_below_bins_low, low, chosen)
    chosen5 = torch.where(~range_1_below_bins_low & range_1_below_bins_high, low, chosen2)
    chosen6 = torch.where(range_1_below_bins_low | range_1_below_bins_high, chosen3, low)
    low2 = (
        torch.where(
            range_2_below_bins_low, chosen4, torch.where(range_2_below_bins_high, chosen5, chosen6)
        )
        + 1.0
    )
    range_3_below_bins_low = range_3 < bins_low
    range_3_below_bins_high = range_3 < bins_high
    chosen7 = torch.where(range_2_below_bins_low, low2, chosen4)
    chosen8 = torch.where(~range_2_below_bins_low & range_2_below_bins_high, low2, chosen5)
    chosen9 = torch.where(range_2_below_bins_low | range_2_below_bins_high, chosen6, low2)
    low3 = (
        torch.where(
            range_3_below_bins_low, chosen7, torch.where(range_3_below_bins_high, chosen8, chosen9)
        )
        + 1.0
    )
    range_4_below_bins_low = range_4 < bins_low
    range_4_below_bins_high = range_4 < bins_high
    chosen10 = torch.where(range_3_below_bins_low, low3, chosen7)
    chosen11 = torch.where(~range_3_below_bins_low & range_3_below_bins_high, low3, chosen8)
    chosen12 = torch.where(range_3_below_bins_low | range_3_below_bins_high, chosen9, low3)
    low4 = (
        torch.where(
            range_4_below_bins_low,
            chosen10,
            torch.where(range_4_below_bins_high, chosen11, chosen12),
        )
        + 1.0
    )
    range_5_below_bins_low = range_5 < bins_low
    range_5_below_bins_high = range_5 < bins_high
    chosen13 = torch.where(range_4_below_bins_low, low4, chosen10)
    chosen14 = torch.where(~range_4_below_bins_low & range_4_below_bins_high, low4, chosen11)
    chosen15 = torch.where(range_4_below_bins_low | range_4_below_bins_high, chosen12, low4)
    low5 = (
        torch.where(
            range_5_below_bins_low,
            chosen13,
            torch.where(range_5_below_bins_high, chosen14, chosen15),
        )
        + 1.0
    )
    range_6_below_bins_low = range_6 < bins_low
    range_6_below_bins_high = range_6 < bins_high
    chosen16 = torch.where(range_5_below_bins_low, low5, chosen13)
    chosen17 = torch.where(~range_5_below_bins_low & range_5_below_bins_high, low5, chosen14)
    chosen18 = torch.where(range_5_below_bins_low | range_5_below_bins_high, chosen15, low5)
    low6 = (
        torch.where(
            range_6_below_bins_low,
            chosen16,
            torch.where(range_6_below_bins_high, chosen17, chosen18),
        )
        + 1.0
    )
    range_7_below_bins_low = range_7 < bins_low
    range_7_below_bins_high = range_7 < bins_high
    chosen19 = torch.where(range_6_below_bins_low, low6, chosen16)
    chosen20 = torch.where(~range_6_below_bins_low & range_6_below_bins_high, low6, chosen17)
    chosen21 = torch.where(range_6_below_bins_low | range_6_below_bins_high, chosen18, low6)
    low7 = (
        torch.where(
            range_7_below_bins_low,
            chosen19,
            torch.where(range_7_below_bins_high, chosen20, chosen21),
        )
        + 1.0
    )
    range_8_below_bins_low = range_8 < bins_low
    range_8_below_bins_high = range_8 < bins_high
    chosen22 = torch.where(range_7_below_bins_low, low7, chosen19)
    chosen23 = torch.where(~range_7_below_bins_low & range_7_below_bins_high, low7, chosen20)
    chosen24 = torch.where(range_7_below_bins_low | range_7_below_bins_high, chosen21, low7)
    low8 = (
        torch.where(
            range_8_below_bins_low,
            chosen22,
            torch.where(range_8_below_bins_high, chosen23, chosen24),
        )
        + 1.0
    )
    range_9_below_bins_low = range_9 < bins_low
    range_9_below_bins_high = range_9 < bins_high
    chosen25 = torch.where(range_8_below_bins_low, low8, chosen22)
    chosen26 = torch.where(~range_8_below_bins_low & range_8_below_bins_high, low8, chosen23)
    chosen27 = torch.where(range_8_below_bins_low | range_8_below_bins_high, chosen24, low8)
    low9 = (
        torch.where(
            range_9_below_bins_low,
            chosen25,
            torch.where(range_9_below_bins_high, chosen26, chosen27),
        )
        + 1.0
    )
    floor = torch.floor(torch.clamp(torch.clamp(grip / 8.0, min=0.0), max=3.0))
    touch_0 = touch[..., 0]
    touch_1 = touch[..., 1]
    touch_0_is_0 = touch_0 == 0.0
    touch_0_is_1 = touch_0 == 1.0
    touch_0_is_2 = touch_0 == 2.0
    term = choose(touch_0_is_0 | touch_0_is_1 | touch_0_is_2, 0.0, math.nan, dtype) + 1.0
    chosen28 = torch.where(touch_0_is_0, term, 0.0)
    chosen29 = torch.where(touch_0_is_1, term, 0.0)
    touch_1_is_0 = touch_1 == 0.0
    touch_1_is_1 = touch_1 == 1.0
    term2 = (
        torch.where(
            touch_1_is_0,
            chosen28,
            torch.where(
                touch_1_is_1,
                chosen29,
                torch.where(touch_1 == 2.0, torch.where(touch_0_is_2, term, 0.0), math.nan),
            ),
        )
        + 1.0
    )
    hand_0 = hand[..., 0]
    hand_1 = hand[..., 1]
    largest = torch.amax(action, dim=-1)
    hypotenuse = hypot(hand_0, hand_1)
    popped = 5.0
    components = {
        "low": torch.where(range_9_below_bins_low, low9, chosen25),
        "mid": torch.where(~range_9_below_bins_low & range_9_below_bins_high, low9, chosen26),
        "high": torch.where(range_9_below_bins_low | range_9_below_bins_high, chosen27, low9),
        "sectors": add_up(range_[..., :4] / 4.0) - (range_8 / 4.0 + range_9 / 4.0),
        "row": choose(floor == 3.0, 1.0, 0.0, dtype) - choose(floor == 0.0, 1.0, 0.0, dtype),
        "votes": (
            torch.where(touch_1_is_1, term2, chosen29) - torch.where(touch_1_is_0, term2, chosen28)
        ),
        "order": hand_0 - hand_1 + hand[..., 2],
        "popped": torch.full_like(terminated, popped, dtype=dtype),
        "largest": largest,
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


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def hypot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = torch.abs(a), torch.abs(b)
    larger = torch.maximum(x, y)
    u, v = x / larger, y / larger
    length = torch.where(larger == 0.0, 0.0, torch.sqrt(u * u + v * v) * larger)
    return torch.where(torch.isinf(x) | torch.isinf(y), math.inf, length)


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


def float_dtype(fields: List[torch.Tensor]) -> torch.dtype:
    """The dtype of the fields; one of whole numbers would round the constants of the reward."""
    for field in fields:
        if not field.is_floating_point():
            raise TypeError(
                "fields must be floating tensors: convert whole numbers, as by .float()"
            )
    return fields[0].dtype


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    return [numbers(each) for each in value] if isinstance(value, list) else float(value)


def columns(values):
    """Rows of a parity file as tensors of double precision."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    if isinstance(values[0], bool):
        return torch.tensor(values)
    return torch.tensor(numbers(values), dtype=torch.float64)


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
            found = {name: values[index].item() for name, values in components.items()}
            found["total"] = total[index].item()
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

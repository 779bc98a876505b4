"""Reward for table-arm.

Joints and beams in groups: pairs of points, shares of a sum, the largest with its place.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

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
    shoulder: float = 0.5,
    elbow: float = 0.3,
    wrist: float = 0.2,
    close: float = 1.0,
    even: float = 0.1,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            action,
            obs["hand"],
            next_obs["jointSpeeds"],
            next_obs["hand"],
            next_obs["block"],
            next_obs["target"],
            next_obs["range"],
        ],
    )
    obs_hand = obs["hand"]
    obs_touch = obs["touch"].to(dtype)
    joint_speeds = next_obs["jointSpeeds"]
    next_hand = next_obs["hand"]
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    next_touch = next_obs["touch"].to(dtype)
    power_ = norm(action[..., :2])
    fast = joint_speeds[..., 0] > 2.0
    power_2 = norm(action[..., 2:4])
    fast2 = joint_speeds[..., 2] > 2.0
    power_3 = norm(action[..., 4:])
    effort = shoulder * power_ + elbow * power_2 + wrist * power_3
    strained = (joint_speeds[..., 4] > 2.0) | fast & fast2
    a = distance(next_hand, block)
    b = distance(next_hand, target)
    b2 = distance(block, target)
    total_ = a + b + b2
    total_above_limit = total_ > 0.000001
    p = torch.where(total_above_limit, a / total_, 0.3333333333333333)
    p2 = torch.where(total_above_limit, b / total_, 0.3333333333333333)
    p3 = torch.where(total_above_limit, b2 / total_, 0.3333333333333333)
    even2 = p * p + p2 * p2 + p3 * p3
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
    front = torch.minimum(torch.amin(range_[..., 8:], dim=-1), torch.amin(range_[..., :3], dim=-1))
    range_0_above_limit = range_0 > -1.0
    r = torch.where(range_0_above_limit, range_0, -1.0)
    range_1_above_r = range_1 > r
    r2 = torch.where(range_1_above_r, range_1, r)
    range_2_above_r = range_2 > r2
    r3 = torch.where(range_2_above_r, range_2, r2)
    range_3_above_r = range_3 > r3
    r4 = torch.where(range_3_above_r, range_3, r3)
    i = torch.where(
        range_3_above_r,
        3.0,
        torch.where(
            range_2_above_r,
            2.0,
            torch.where(range_1_above_r, 1.0, choose(range_0_above_limit, 0.0, -1.0, dtype)),
        ),
    )
    range_4_above_r = range_4 > r4
    r5 = torch.where(range_4_above_r, range_4, r4)
    range_5_above_r = range_5 > r5
    r6 = torch.where(range_5_above_r, range_5, r5)
    range_6_above_r = range_6 > r6
    r7 = torch.where(range_6_above_r, range_6, r6)
    range_7_above_r = range_7 > r7
    r8 = torch.where(range_7_above_r, range_7, r7)
    i2 = torch.where(
        range_7_above_r,
        7.0,
        torch.where(
            range_6_above_r,
            6.0,
            torch.where(range_5_above_r, 5.0, torch.where(range_4_above_r, 4.0, i)),
        ),
    )
    range_8_above_r = range_8 > r8
    obs_x = obs_hand[..., 0]
    obs_y = obs_hand[..., 1]
    obs_z = obs_hand[..., 2]
    reach_before = hypot_of([obs_x, obs_y, obs_z])
    next_x = next_hand[..., 0]
    next_y = next_hand[..., 1]
    next_z = next_hand[..., 2]
    reach_now = hypot_of([next_x, next_y, next_z])
    changed = torch.sum(next_touch != obs_touch, dim=-1, dtype=dtype)
    components = {
        "effort": -effort,
        "strained": choose(strained, -0.2, 0.0, dtype),
        "close": close * torch.exp(-torch.minimum(torch.minimum(a, b), b2)),
        "even": -even * even2,
        "front": choose(front < 0.2, -1.0, 0.0, dtype),
        "widest": (
            torch.where(
                range_[..., 9] > torch.where(range_8_above_r, range_8, r8),
                9.0,
                torch.where(range_8_above_r, 8.0, i2),
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


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


def dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return add_up(a * b)


def norm(v: torch.Tensor) -> torch.Tensor:
    return torch.sqrt(dot(v, v))


def distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return norm(a - b)


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def hypot_of(entries: List[torch.Tensor]) -> torch.Tensor:
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    largest = torch.abs(entries[0])
    infinite = torch.isinf(entries[0])
    for entry in entries[1:]:
        largest = torch.maximum(largest, torch.abs(entry))
        infinite = infinite | torch.isinf(entry)
    total = torch.zeros_like(largest)
    rest = torch.zeros_like(largest)
    for entry in entries:
        ratio = torch.abs(entry) / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = torch.where(largest == 0.0, 0.0, torch.sqrt(total) * largest)
    return torch.where(infinite, math.inf, length)


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

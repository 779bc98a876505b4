"""Reward for table-arm.

Arrays that grow where a condition holds.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

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
    near: float = 0.6,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([obs["range"], next_obs["joints"], next_obs["range"], next_obs["grip"]])
    obs_range = obs["range"]
    joints = next_obs["joints"]
    next_range = next_obs["range"]
    grip = next_obs["grip"]
    holding = next_obs["holding"].to(torch.bool)
    next_range_0 = next_range[..., 0]
    next_range_1 = next_range[..., 1]
    next_range_2 = next_range[..., 2]
    next_range_3 = next_range[..., 3]
    next_range_4 = next_range[..., 4]
    next_range_5 = next_range[..., 5]
    next_range_5_below_near = next_range_5 < near
    next_range_6 = next_range[..., 6]
    next_range_6_below_near = next_range_6 < near
    next_range_7 = next_range[..., 7]
    next_range_7_below_near = next_range_7 < near
    next_range_8 = next_range[..., 8]
    next_range_8_below_near = next_range_8 < near
    next_range_9 = next_range[..., 9]
    least = torch.where(next_range_0 < near, torch.clamp(next_range_0, max=3.0), 3.0)
    least2 = torch.where(next_range_1 < near, torch.minimum(least, next_range_1), least)
    least3 = torch.where(next_range_2 < near, torch.minimum(least2, next_range_2), least2)
    least4 = torch.where(next_range_3 < near, torch.minimum(least3, next_range_3), least3)
    least5 = torch.where(next_range_4 < near, torch.minimum(least4, next_range_4), least4)
    least6 = torch.where(next_range_5_below_near, torch.minimum(least5, next_range_5), least5)
    least7 = torch.where(next_range_6_below_near, torch.minimum(least6, next_range_6), least6)
    least8 = torch.where(next_range_7_below_near, torch.minimum(least7, next_range_7), least7)
    least9 = torch.where(next_range_8_below_near, torch.minimum(least8, next_range_8), least8)
    worst = torch.where(next_range_9 < near, torch.minimum(least9, next_range_9), least9)
    next_range_below_near = next_range < near
    subtotal = add_up(next_range_below_near.to(dtype))
    average = torch.where(
        subtotal > 0.0, add_up(torch.where(next_range_below_near, next_range, 0.0)) / subtotal, 3.0
    )
    range_ = torch.where(
        next_range_5_below_near,
        next_range_5,
        torch.where(
            next_range_6_below_near,
            next_range_6,
            torch.where(
                next_range_7_below_near,
                next_range_7,
                torch.where(next_range_8_below_near, next_range_8, next_range_9),
            ),
        ),
    )
    after = torch.where(torch.any(next_range[..., 5:] < near, dim=-1), range_, 3.0)
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
    i = entry.to(dtype)
    condition = entry2 & (i == 0.0)
    value = entry2.to(dtype)
    i2 = i + value
    condition2 = entry3 & (i2 == 0.0)
    value2 = entry3.to(dtype)
    i3 = i2 + value2
    condition3 = entry4 & (i3 == 0.0)
    value3 = entry4.to(dtype)
    i4 = i3 + value3
    condition4 = entry5 & (i4 == 0.0)
    value4 = entry5.to(dtype)
    i5 = i4 + value4
    condition5 = entry6 & (i5 == 0.0)
    value5 = entry6.to(dtype)
    i6 = i5 + value5
    condition6 = entry7 & (i6 == 0.0)
    value6 = entry7.to(dtype)
    i7 = i6 + value6
    condition7 = entry8 & (i7 == 0.0)
    value7 = entry8.to(dtype)
    i8 = i7 + value7
    condition8 = entry9 & (i8 == 0.0)
    value8 = entry9.to(dtype)
    i9 = i8 + value8
    condition9 = entry10 & (i9 == 0.0)
    chosen = torch.where(
        condition6,
        next_range_6,
        torch.where(
            condition7,
            next_range_7,
            torch.where(condition8, next_range_8, torch.where(condition9, next_range_9, math.nan)),
        ),
    )
    chosen2 = torch.where(
        condition2,
        next_range_2,
        torch.where(
            condition3,
            next_range_3,
            torch.where(condition4, next_range_4, torch.where(condition5, next_range_5, chosen)),
        ),
    )
    head = torch.where(
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
        torch.where(entry, next_range_0, torch.where(condition, next_range_1, chosen2)),
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
    chosen3 = torch.where(
        condition15,
        next_range_6,
        torch.where(
            condition16,
            next_range_7,
            torch.where(
                condition17, next_range_8, torch.where(condition18, next_range_9, math.nan)
            ),
        ),
    )
    chosen4 = torch.where(
        condition11,
        next_range_2,
        torch.where(
            condition12,
            next_range_3,
            torch.where(condition13, next_range_4, torch.where(condition14, next_range_5, chosen3)),
        ),
    )
    second = torch.where(
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
        torch.where(condition10, next_range_1, chosen4),
    )
    value9 = entry10.to(dtype)
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
    chosen5 = torch.where(
        condition24,
        next_range_3,
        torch.where(
            condition25,
            next_range_2,
            torch.where(
                condition26, next_range_1, torch.where(condition27, next_range_0, math.nan)
            ),
        ),
    )
    chosen6 = torch.where(
        condition20,
        next_range_7,
        torch.where(
            condition21,
            next_range_6,
            torch.where(condition22, next_range_5, torch.where(condition23, next_range_4, chosen5)),
        ),
    )
    tail = torch.where(
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
        torch.where(entry10, next_range_9, torch.where(condition19, next_range_8, chosen6)),
    )
    next_range_0_above_2 = next_range_0 > 2.0
    total_ = torch.where(entry & ~next_range_0_above_2, next_range_0, 0.0)
    next_range_1_above_2 = next_range_1 > 2.0
    total_2 = torch.where(entry2 & ~next_range_1_above_2, total_ + next_range_1, total_)
    next_range_2_above_2 = next_range_2 > 2.0
    total_3 = torch.where(entry3 & ~next_range_2_above_2, total_2 + next_range_2, total_2)
    next_range_3_above_2 = next_range_3 > 2.0
    total_4 = torch.where(entry4 & ~next_range_3_above_2, total_3 + next_range_3, total_3)
    next_range_4_above_2 = next_range_4 > 2.0
    total_5 = torch.where(entry5 & ~next_range_4_above_2, total_4 + next_range_4, total_4)
    next_range_5_above_2 = next_range_5 > 2.0
    total_6 = torch.where(entry6 & ~next_range_5_above_2, total_5 + next_range_5, total_5)
    next_range_6_above_2 = next_range_6 > 2.0
    total_7 = torch.where(entry7 & ~next_range_6_above_2, total_6 + next_range_6, total_6)
    next_range_7_above_2 = next_range_7 > 2.0
    total_8 = torch.where(entry8 & ~next_range_7_above_2, total_7 + next_range_7, total_7)
    next_range_8_above_2 = next_range_8 > 2.0
    total_9 = torch.where(entry9 & ~next_range_8_above_2, total_8 + next_range_8, total_8)
    next_range_9_above_2 = next_range_9 > 2.0
    ranked = (
        torch.where(entry, next_range_0, 0.0)
        + torch.where(entry2, next_range_1 * (i + 1.0), 0.0)
        + torch.where(entry3, next_range_2 * (i2 + 1.0), 0.0)
        + torch.where(entry4, next_range_3 * (i3 + 1.0), 0.0)
        + torch.where(entry5, next_range_4 * (i4 + 1.0), 0.0)
        + torch.where(entry6, next_range_5 * (i5 + 1.0), 0.0)
        + torch.where(entry7, next_range_6 * (i6 + 1.0), 0.0)
        + torch.where(entry8, next_range_7 * (i7 + 1.0), 0.0)
        + torch.where(entry9, next_range_8 * (i8 + 1.0), 0.0)
        + torch.where(entry10, next_range_9 * (i9 + 1.0), 0.0)
    )
    joints_0 = joints[..., 0]
    joints_1 = joints[..., 1]
    joints_2 = joints[..., 2]
    joints_3 = joints[..., 3]
    joints_4 = joints[..., 4]
    joints_5 = joints[..., 5]
    last = torch.abs(joints_0)
    last2 = torch.abs(joints_1)
    last3 = torch.where(last2 > last, last2, last)
    last4 = torch.abs(joints_2)
    last5 = torch.where(last4 > last3, last4, last3)
    last6 = torch.abs(joints_3)
    last7 = torch.where(last6 > last5, last6, last5)
    last8 = torch.abs(joints_4)
    last9 = torch.where(last8 > last7, last8, last7)
    last10 = torch.abs(joints_5)
    nearest = torch.where(next_range_1 < next_range_0, next_range_1, next_range_0)
    nearest2 = torch.where(next_range_2 < nearest, next_range_2, nearest)
    nearest3 = torch.where(next_range_3 < nearest2, next_range_3, nearest2)
    nearest4 = torch.where(next_range_4 < nearest3, next_range_4, nearest3)
    nearest5 = torch.where(next_range_5 < nearest4, next_range_5, nearest4)
    nearest6 = torch.where(next_range_6 < nearest5, next_range_6, nearest5)
    nearest7 = torch.where(next_range_7 < nearest6, next_range_7, nearest6)
    nearest8 = torch.where(next_range_8 < nearest7, next_range_8, nearest7)
    chosen7 = torch.where(
        next_range_6 < 0.2,
        next_range_6,
        torch.where(
            next_range_7 < 0.2,
            next_range_7,
            torch.where(
                next_range_8 < 0.2,
                next_range_8,
                torch.where(next_range_9 < 0.2, next_range_9, math.nan),
            ),
        ),
    )
    chosen8 = torch.where(
        next_range_2 < 0.2,
        next_range_2,
        torch.where(
            next_range_3 < 0.2,
            next_range_3,
            torch.where(
                next_range_4 < 0.2,
                next_range_4,
                torch.where(next_range_5 < 0.2, next_range_5, chosen7),
            ),
        ),
    )
    hit = torch.where(
        next_range_0 < 0.2, next_range_0, torch.where(next_range_1 < 0.2, next_range_1, chosen8)
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
    chosen9 = torch.where(
        obs_range_3_below_limit,
        obs_range_3,
        torch.where(
            obs_range_2_below_limit,
            obs_range_2,
            torch.where(
                obs_range_1_below_limit,
                obs_range_1,
                torch.where(obs_range_0_below_limit, obs_range_0, math.nan),
            ),
        ),
    )
    chosen10 = torch.where(
        obs_range_7_below_limit,
        obs_range_7,
        torch.where(
            obs_range_6_below_limit,
            obs_range_6,
            torch.where(
                obs_range_5_below_limit,
                obs_range_5,
                torch.where(obs_range_4_below_limit, obs_range_4, chosen9),
            ),
        ),
    )
    miss = torch.where(
        obs_range_9_below_limit,
        obs_range_9,
        torch.where(obs_range_8_below_limit, obs_range_8, chosen10),
    )
    held = torch.where(holding, grip, 0.0)
    firm = choose(grip > 3.0, 1.0, 0.0, dtype)
    chosen11 = torch.where(
        next_range_3_above_2,
        3.0,
        torch.where(
            next_range_2_above_2,
            2.0,
            torch.where(next_range_1_above_2, 1.0, choose(next_range_0_above_2, 0.0, -1.0, dtype)),
        ),
    )
    chosen12 = torch.where(
        next_range_7_above_2,
        7.0,
        torch.where(
            next_range_6_above_2,
            6.0,
            torch.where(
                next_range_5_above_2, 5.0, torch.where(next_range_4_above_2, 4.0, chosen11)
            ),
        ),
    )
    chosen13 = torch.where(
        next_range_3 == 3.0,
        3.0,
        torch.where(
            next_range_2 == 3.0,
            2.0,
            torch.where(next_range_1 == 3.0, 1.0, choose(next_range_0 == 3.0, 0.0, -1.0, dtype)),
        ),
    )
    chosen14 = torch.where(
        next_range_7 == 3.0,
        7.0,
        torch.where(
            next_range_6 == 3.0,
            6.0,
            torch.where(next_range_5 == 3.0, 5.0, torch.where(next_range_4 == 3.0, 4.0, chosen13)),
        ),
    )
    reach = 0.9
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
            + torch.clamp(
                torch.amin(torch.where(next_range_above_1, next_range, math.inf), dim=-1), max=0.5
            )
        ),
        "held": held,
        "firm": firm,
        "last": torch.where(last10 > last9, last10, last9),
        "nearest": torch.where(next_range_9 < nearest8, next_range_9, nearest8),
        "hit": torch.where(torch.any(next_range < 0.2, dim=-1), 1.0 - hit, 0.0),
        "miss": torch.where(
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
            torch.where(next_range_9_above_2, 9.0, torch.where(next_range_8_above_2, 8.0, chosen12))
            + torch.where(next_range_9 == 3.0, 9.0, torch.where(next_range_8 == 3.0, 8.0, chosen14))
        ),
        "inside": (
            entry & (next_range_0 == reach)
            | entry2 & (next_range_1 == reach)
            | entry3 & (next_range_2 == reach)
            | entry4 & (next_range_3 == reach)
            | entry5 & (next_range_4 == reach)
            | entry6 & (next_range_5 == reach)
            | entry7 & (next_range_6 == reach)
            | entry8 & (next_range_7 == reach)
            | entry9 & (next_range_8 == reach)
            | entry10 & (next_range_9 == reach)
            | torch.any(next_range_above_1 & (next_range > 2.9), dim=-1)
            | torch.all(~next_range_above_1 | (next_range < 2.0), dim=-1)
        ).to(dtype),
    }
    total = torch.where(entry10 & ~next_range_9_above_2, total_9 + next_range_9, total_9)
    return total, components


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


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

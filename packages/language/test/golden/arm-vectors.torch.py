"""Reward for table-arm.

Vectors all the way: helpers that take and give vectors, filters, masks.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch, 6)
    obs["hand"] (batch, 3), m
    next_obs["jointSpeeds"] (batch, 6), rad/s
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag

Components: close, aligned, crowd, contacts, spread, steady, effort. The total is their sum.
"""

import json
import sys
from typing import Dict, List, Tuple

import torch


def reward(
    obs: Dict[str, torch.Tensor],
    action: torch.Tensor,
    next_obs: Dict[str, torch.Tensor],
    terminated: torch.Tensor,
    truncated: torch.Tensor,
    close: float = 1.0,
    aligned: float = 0.5,
    crowd: float = 0.1,
    spread: float = 0.2,
    steady: float = 0.05,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            action,
            obs["hand"],
            next_obs["jointSpeeds"],
            next_obs["hand"],
            next_obs["block"],
            next_obs["range"],
        ],
    )
    obs_hand = obs["hand"]
    joint_speeds = next_obs["jointSpeeds"]
    next_hand = next_obs["hand"]
    block = next_obs["block"]
    range_ = next_obs["range"]
    touch = next_obs["touch"].to(dtype)
    to_block = block - next_hand
    moved = next_hand - obs_hand
    length = norm(to_block)
    length2 = norm(moved)
    aligned2 = dot(
        torch.where((length > 0.000001)[..., None], to_block * (1.0 / length)[..., None], 0.0),
        torch.where((length2 > 0.000001)[..., None], moved * (1.0 / length2)[..., None], 0.0),
    )
    # Beams that see something close, and how close.
    crowding = add_up(torch.where(range_ < 0.6, (0.6 - range_) / 0.6, 0.0))
    contacts = torch.sum(torch.abs(touch) > 0.0, dim=-1, dtype=dtype)
    nearest = torch.amin(range_, dim=-1)
    spread2 = torch.amax(range_, dim=-1) - nearest
    abs_ = torch.abs(joint_speeds)
    all_slow = torch.all(abs_ < 0.5, dim=-1)
    gears = torch.tensor(
        [50.0, 50.0, 40.0, 20.0, 20.0, 10.0], dtype=dtype, device=terminated.device
    )
    any_fast = torch.any(abs_ * gears > 100.0, dim=-1)
    components = {
        "close": -close * length,
        "aligned": aligned * aligned2,
        "crowd": -crowd * crowding,
        "contacts": torch.where(contacts >= 2.0, 1.0, contacts / 2.0),
        "spread": spread * torch.clamp(spread2, max=1.0),
        "steady": torch.where(all_slow, steady, choose(any_fast, -steady, 0.0, dtype)),
        "effort": -0.01 * mean(torch.abs(action)),
    }
    total = (
        components["close"]
        + components["aligned"]
        + components["crowd"]
        + components["contacts"]
        + components["spread"]
        + components["steady"]
        + components["effort"]
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


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def mean(v: torch.Tensor) -> torch.Tensor:
    return add_up(v) / v.shape[-1]


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

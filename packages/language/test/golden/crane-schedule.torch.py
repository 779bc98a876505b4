"""Reward for gantry-crane.

Speed limits by distance to the mark, with a total of its own.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned, on any
device and in any floating dtype:

    memory = initial_memory(like)  # a floating tensor with one entry an environment
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch,)
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m

Components: settle, keep, swing. The total is its own expression.
"""

import json
import math
import sys
from typing import Dict, List, Tuple

import torch

MEMORY = {
    "calm": 0.0,
    "turns": 0.0,
    "lastAction": 0.0,
}


def initial_memory(like: torch.Tensor) -> Dict[str, torch.Tensor]:
    """The memory at the start of episodes, in the shape, dtype and device of a tensor."""
    return {name: torch.full_like(like, value) for name, value in MEMORY.items()}


def reset_memory(memory: Dict[str, torch.Tensor], done: torch.Tensor) -> Dict[str, torch.Tensor]:
    """The memory, started anew wherever an episode has ended."""
    return {name: torch.where(done, value, memory[name]) for name, value in MEMORY.items()}


def reward(
    obs: Dict[str, torch.Tensor],
    action: torch.Tensor,
    next_obs: Dict[str, torch.Tensor],
    terminated: torch.Tensor,
    truncated: torch.Tensor,
    memory: Dict[str, torch.Tensor],
    keep: float = 1.0,
    settle: float = 0.5,
    swing: float = 0.2,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor], Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [next_obs["trolley"], next_obs["trolleySpeed"], next_obs["swing"], next_obs["mark"]]
    )
    action = action.to(dtype)
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing2 = next_obs["swing"]
    mark = next_obs["mark"]
    gap = torch.abs(mark - trolley)
    gap_above_2 = gap >= 2.0
    gap_above_limit = gap >= 0.5
    value = torch.tensor([2.0, 0.5, 0.0], dtype=dtype, device=terminated.device)
    cruise = 1.5
    span = 8.0
    creep = cruise * (span - 6.0) / span
    condition = ~torch.any(gap[..., None] >= value, dim=-1)
    speed = torch.where(
        condition, 0.0, torch.where(gap_above_2, cruise, choose(gap_above_limit, creep, 0.0, dtype))
    )
    width = torch.where(
        condition,
        0.1,
        torch.where(gap_above_2, 0.4, choose(gap_above_limit, 0.5 * creep, 0.1, dtype)),
    )
    speed2 = torch.abs(trolley_speed)
    # The bounds move with the stage.
    keep2 = tolerance_linear_within(speed2, speed - width, speed + width, width, 0.1)
    rest_speed = 0.05
    calm = memory["calm"] + 1.0
    condition2 = ~(speed2 > rest_speed) & (gap < 0.1)
    turned = (action == 1.0) & (memory["lastAction"] == 2.0) | (action == 2.0) & (
        memory["lastAction"] == 1.0
    )
    turns = memory["turns"] + choose(turned, 1.0, 0.0, dtype)
    min_ = torch.clamp(turns, max=4.0)
    # A sixth of a turn of the rope either way.
    wide = math.pi / 6.0
    total_ = (
        keep * keep2
        - swing * torch.abs(swing2 / wide)
        - 0.1
        * torch.where(
            0.0 < min_,
            torch.where(
                1.0 < min_,
                torch.where(2.0 < min_, choose(3.0 < min_, 1.875, 1.75, dtype), 1.5),
                1.0,
            ),
            0.0,
        )
    )
    settle2 = torch.where(condition2, settle * calm, 0.0)
    keep3 = torch.where(condition2, 0.0, keep2)
    swing3 = torch.where(condition2, 0.0, -torch.abs(swing2))
    components = {
        "settle": settle2,
        "keep": keep3,
        "swing": swing3,
    }
    total = torch.where(condition2, settle2 + keep3 + swing3, total_)
    memory = {
        "calm": torch.where(condition2, calm, 0.0),
        "turns": torch.where(condition2, memory["turns"], turns),
        "lastAction": torch.where(condition2, memory["lastAction"], action),
    }
    return total, components, memory


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def tolerance_linear_within(
    x: torch.Tensor,
    lower: torch.Tensor,
    upper: torch.Tensor,
    margin: torch.Tensor,
    value_at_margin: float,
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * (1.0 - value_at_margin)
    value = torch.where(torch.abs(s) < 1.0, 1.0 - s, 0.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


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
    # Step by step, the episodes of one length are the batch.
    for length in sorted({len(episode) for episode in episodes}):
        together = [episode for episode in episodes if len(episode) == length]
        memory = initial_memory(torch.zeros(len(together), dtype=torch.float64))
        for batch in zip(*together):
            given = columns([row["input"] for row in batch])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components, memory = reward(*step, memory)
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

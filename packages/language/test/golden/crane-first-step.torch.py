"""Reward for gantry-crane.

Memory that holds nothing until the first step is over.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned, on any
device and in any floating dtype:

    memory = initial_memory(like)  # a floating tensor with one entry an environment
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["mark"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    terminated (batch,)

Components: shaping, change, oldest. The total is their sum.
"""

import json
import sys
from typing import Dict, List, Tuple

import torch

MEMORY = {
    "before": 0.0,
    "beforeHeld": 0.0,
    "pace": 0.0,
    "paceHeld": 0.0,
    "steps": 0.0,
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
    gain: float = 2.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor], Dict[str, torch.Tensor]]:
    dtype = float_dtype([next_obs["trolley"], next_obs["trolleySpeed"], next_obs["mark"]])
    has_before = torch.abs(memory["beforeHeld"]) > 0.0
    has_pace = torch.abs(memory["paceHeld"]) > 0.0
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    mark = next_obs["mark"]
    hooked = next_obs["hooked"].to(torch.bool)
    terminated = terminated.to(torch.bool)
    gap = torch.abs(trolley - mark)
    not_has_before = ~has_before
    shaping = torch.where(not_has_before, 0.0, memory["before"] - gap)
    change = torch.where(has_pace, torch.abs(trolley_speed - memory["pace"]), 0.0)
    oldest = torch.where(has_before, memory["before"], gap)
    not_hooked = ~hooked
    terminated_or_not_hooked = terminated | not_hooked
    components = {
        "shaping": torch.where(terminated, -1.0, torch.where(not_hooked, shaping, gain * shaping)),
        "change": torch.where(terminated, change, torch.where(not_hooked, 0.0, -change)),
        "oldest": torch.where(terminated, oldest, torch.where(not_hooked, oldest, 0.1 * oldest)),
    }
    total = components["shaping"] + components["change"] + components["oldest"]
    memory = {
        "before": torch.where(
            terminated,
            0.0,
            torch.where(not_hooked, torch.where(has_before, memory["before"], 0.0), gap),
        ),
        "beforeHeld": choose(terminated | not_hooked & not_has_before, 0.0, 1.0, dtype),
        "pace": torch.where(
            terminated_or_not_hooked, torch.where(has_pace, memory["pace"], 0.0), trolley_speed
        ),
        "paceHeld": torch.where(terminated_or_not_hooked, choose(has_pace, 1.0, 0.0, dtype), 1.0),
        "steps": torch.where(terminated, memory["steps"], memory["steps"] + 1.0),
    }
    return total, components, memory


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

"""Reward for gantry-crane.

Pays for the longest rest over the mark; switching direction costs.

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
    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["mark"] (batch,), m
    obs["rope"] (batch,), m
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    terminated (batch,)

Components: shaping, rest, switching. The total is their sum.
"""

import json
import sys
from typing import Dict, List, Tuple

import torch

MEMORY = {
    "rest": 0.0,
    "best": 0.0,
    "lastAction": -1.0,
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
    gamma: float = 0.99,
    rest_weight: float = 0.2,
    longest: float = 40.0,
    switch_cost: float = 0.05,
    shaping: float = 1.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor], Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["trolley"],
            obs["swing"],
            obs["mark"],
            obs["rope"],
            next_obs["trolley"],
            next_obs["trolleySpeed"],
            next_obs["swing"],
            next_obs["mark"],
            next_obs["rope"],
        ],
    )
    action = action.to(dtype)
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_mark = obs["mark"]
    obs_rope = obs["rope"]
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    next_swing = next_obs["swing"]
    next_mark = next_obs["mark"]
    next_rope = next_obs["rope"]
    terminated = terminated.to(torch.bool)
    rest_speed = 0.05
    resting = (torch.abs(trolley_speed) < rest_speed) & (torch.abs(next_trolley - next_mark) < 0.3)
    rest = torch.where(resting, torch.clamp(memory["rest"] + 1.0, max=longest), 0.0)
    best = torch.maximum(memory["best"], rest)
    switched = (memory["lastAction"] > 0.0) & (action > 0.0) & (action != memory["lastAction"])
    components = {
        "shaping": (
            gamma
            * torch.where(
                terminated,
                0.0,
                -shaping * torch.abs(next_trolley + next_rope * torch.sin(next_swing) - next_mark),
            )
            + shaping * torch.abs(obs_trolley + obs_rope * torch.sin(obs_swing) - obs_mark)
        ),
        "rest": rest_weight * (best - memory["best"]),
        "switching": choose(switched, -switch_cost, 0.0, dtype),
    }
    total = components["shaping"] + components["rest"] + components["switching"]
    memory = {
        "rest": rest,
        "best": best,
        "lastAction": torch.where(action == 0.0, memory["lastAction"], action),
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

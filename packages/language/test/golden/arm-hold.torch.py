"""Reward for table-arm.

Potential shaping with a nested memory and a record of the highest lift.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, with the memory that the step before returned, on any
device and in any floating dtype:

    memory = initial_memory(like)  # a floating tensor with one entry an environment
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    obs["hand"] (batch, 3), m
    obs["block"] (batch, 3), m
    obs["target"] (batch, 3), m
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean
    terminated (batch,)
    truncated (batch,)

Components: shaping, record, jerk, held. The total is their sum.
"""

import json
import sys
from typing import Dict, List, Tuple

import torch

MEMORY = {
    "highest": 0.0,
    "heldFor": 0.0,
    "lastGrip": 0.0,
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
    gamma: float = 0.98,
    weights_hand: float = 1.0,
    weights_block: float = 2.0,
    record: float = 5.0,
    jerk_0: float = 0.02,
    jerk_1: float = 0.01,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor], Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["hand"],
            obs["block"],
            obs["target"],
            next_obs["hand"],
            next_obs["block"],
            next_obs["target"],
            next_obs["grip"],
        ],
    )
    obs_hand = obs["hand"]
    obs_block = obs["block"]
    obs_target = obs["target"]
    next_hand = next_obs["hand"]
    next_block = next_obs["block"]
    next_target = next_obs["target"]
    grip = next_obs["grip"]
    holding = next_obs["holding"].to(torch.bool)
    terminated = terminated.to(torch.bool)
    truncated = truncated.to(torch.bool)
    done = terminated & ~truncated
    reach = 0.9
    to_block = distance(next_hand, next_block) / reach
    to_target = distance(next_block, next_target) / reach
    after = torch.where(
        done,
        0.0,
        -weights_hand * torch.clamp(to_block, max=1.0)
        - weights_block * torch.clamp(to_target, max=1.0),
    )
    highest = next_block[..., 2]
    held_for = torch.where(holding, memory["heldFor"] + 1.0, 0.0)
    highest2 = torch.where(
        holding,
        torch.where(highest > memory["highest"], highest, memory["highest"]),
        memory["highest"],
    )
    change = torch.abs(grip - memory["lastGrip"])
    to_block2 = distance(obs_hand, obs_block) / reach
    to_target2 = distance(obs_block, obs_target) / reach
    components = {
        "shaping": (
            gamma * after
            - (
                -weights_hand * torch.clamp(to_block2, max=1.0)
                - weights_block * torch.clamp(to_target2, max=1.0)
            )
        ),
        "record": record * (highest2 - memory["highest"]),
        "jerk": -choose(change > 5.0, jerk_1, jerk_0, dtype) * change,
        "held": choose(held_for > 10.0, 1.0, 0.0, dtype),
    }
    total = components["shaping"] + components["record"] + components["jerk"] + components["held"]
    memory = {
        "highest": highest2,
        "heldFor": held_for,
        "lastGrip": grip,
    }
    return total, components, memory


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

"""Reward for gantry-crane.

A ring of the last angles, running statistics, and phases that follow each other.

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
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    terminated (batch,)

Components: goal, advance, calm, odd, late. The total is their sum.
"""

import json
import math
import sys
from typing import Dict, List, Tuple

import torch

MEMORY = {
    "ring.0": 0.0,
    "ring.1": 0.0,
    "ring.2": 0.0,
    "ring.3": 0.0,
    "head": 0.0,
    "seen": 0.0,
    "mean": 0.0,
    "spread": 0.0,
    "phase": 0.0,
    "since": 0.0,
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
    phase: float = 1.0,
    calm: float = 0.5,
    odd: float = 0.1,
    late: float = 0.01,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor], Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            next_obs["trolley"],
            next_obs["trolleySpeed"],
            next_obs["swing"],
            next_obs["mark"],
            next_obs["rope"],
        ],
    )
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing = next_obs["swing"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    hooked = next_obs["hooked"].to(torch.bool)
    terminated = terminated.to(torch.bool)
    angle = torch.where(0.0 == memory["head"], swing, memory["ring.0"])
    angle2 = torch.where(1.0 == memory["head"], swing, memory["ring.1"])
    angle3 = torch.where(2.0 == memory["head"], swing, memory["ring.2"])
    angle4 = torch.where(3.0 == memory["head"], swing, memory["ring.3"])
    seen = minimum(memory["seen"] + 1.0, torch.full_like(terminated, 4.0, dtype=dtype))
    trunc = torch.trunc(seen)
    term = trunc + choose(trunc < 0.0, 4.0, 0.0, dtype)
    calm2 = (
        torch.where(0.0 < term, torch.abs(angle), 0.0)
        + torch.where(1.0 < term, torch.abs(angle2), 0.0)
        + torch.where(2.0 < term, torch.abs(angle3), 0.0)
        + torch.where(3.0 < term, torch.abs(angle4), 0.0)
    ) / seen
    since = memory["since"] + 1.0
    # Welford's update, forgetting what is long ago.
    count_ = minimum(since, torch.full_like(terminated, 50.0, dtype=dtype))
    change = trolley_speed - memory["mean"]
    mean_ = memory["mean"] + change / count_
    spread = memory["spread"] + (change * (trolley_speed - mean_) - memory["spread"]) / count_
    odd2 = torch.where(spread > 0.000001, torch.clamp(change / torch.sqrt(spread), -3.0, 3.0), 0.0)
    abs_ = torch.abs(trolley - mark)
    phase2 = torch.where(
        memory["phase"] == 0.0,
        torch.where(hooked & (rope < 2.0), 1.0, memory["phase"]),
        torch.where(
            memory["phase"] == 1.0,
            torch.where(~hooked, 0.0, torch.where(abs_ < 0.3, 2.0, memory["phase"])),
            torch.where((memory["phase"] == 2.0) & (calm2 < 0.05), 3.0, memory["phase"]),
        ),
    )
    phase_is_3 = phase2 == 3.0
    goal = torch.where(
        phase2 == 0.0,
        -rope / 6.0,
        torch.where(
            phase2 == 1.0,
            -abs_ / 5.0,
            torch.where(phase2 == 2.0, -calm2, choose(phase_is_3, 1.0, math.nan, dtype)),
        ),
    )
    components = {
        "goal": goal,
        "advance": (
            phase * (phase2 - memory["phase"])
            + torch.where(terminated, choose(phase_is_3, 5.0, -5.0, dtype), 0.0)
        ),
        "calm": -calm * calm2,
        "odd": -odd * torch.abs(odd2),
        "late": -late * torch.log1p(memory["since"]),
    }
    total = (
        components["goal"]
        + components["advance"]
        + components["calm"]
        + components["odd"]
        + components["late"]
    )
    memory = {
        "ring.0": angle,
        "ring.1": angle2,
        "ring.2": angle3,
        "ring.3": angle4,
        "head": torch.fmod(memory["head"] + 1.0, 4.0),
        "seen": seen,
        "mean": mean_,
        "spread": spread,
        "phase": phase2,
        "since": since,
    }
    return total, components, memory


def minimum(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """torch.minimum, in which -0.0 is smaller than 0.0."""
    return torch.where((a == 0.0) & (b == 0.0), -(-a - b), torch.minimum(a, b))


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

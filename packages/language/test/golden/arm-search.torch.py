"""Reward for table-arm.

Sorting, searching and tables, all of fixed length.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand

Components: median, first, close, band. The total is their sum.
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
    median: float = 0.5,
    first: float = 0.2,
    band: float = 1.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([next_obs["block"], next_obs["target"], next_obs["range"]])
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    chosen = torch.where(range_ > 0.0, torch.clamp(range_, max=3.0), 0.0)
    a = chosen[..., 0]
    b = chosen[..., 1]
    a2 = chosen[..., 2]
    b2 = chosen[..., 3]
    a3 = chosen[..., 4]
    b3 = chosen[..., 5]
    a4 = chosen[..., 6]
    b4 = chosen[..., 7]
    a5 = chosen[..., 8]
    b5 = chosen[..., 9]
    condition = a - b > 0.0
    a6 = torch.where(condition, b, a)
    a7 = torch.where(condition, a, b)
    condition2 = a2 - b2 > 0.0
    b6 = torch.where(condition2, b2, a2)
    a8 = torch.where(condition2, a2, b2)
    condition3 = a3 - b3 > 0.0
    b7 = torch.where(condition3, b3, a3)
    a9 = torch.where(condition3, a3, b3)
    condition4 = a4 - b4 > 0.0
    b8 = torch.where(condition4, b4, a4)
    a10 = torch.where(condition4, a4, b4)
    condition5 = a5 - b5 > 0.0
    b9 = torch.where(condition5, b5, a5)
    b10 = torch.where(condition5, a5, b5)
    condition6 = a7 - b6 > 0.0
    b11 = torch.where(condition6, b6, a7)
    a11 = torch.where(condition6, a7, b6)
    condition7 = a8 - b7 > 0.0
    b12 = torch.where(condition7, b7, a8)
    a12 = torch.where(condition7, a8, b7)
    condition8 = a9 - b8 > 0.0
    b13 = torch.where(condition8, b8, a9)
    a13 = torch.where(condition8, a9, b8)
    condition9 = a10 - b9 > 0.0
    b14 = torch.where(condition9, b9, a10)
    a14 = torch.where(condition9, a10, b9)
    condition10 = a6 - b11 > 0.0
    a15 = torch.where(condition10, b11, a6)
    a16 = torch.where(condition10, a6, b11)
    condition11 = a11 - b12 > 0.0
    b15 = torch.where(condition11, b12, a11)
    a17 = torch.where(condition11, a11, b12)
    condition12 = a12 - b13 > 0.0
    b16 = torch.where(condition12, b13, a12)
    a18 = torch.where(condition12, a12, b13)
    condition13 = a13 - b14 > 0.0
    b17 = torch.where(condition13, b14, a13)
    a19 = torch.where(condition13, a13, b14)
    condition14 = a14 - b10 > 0.0
    b18 = torch.where(condition14, b10, a14)
    b19 = torch.where(condition14, a14, b10)
    condition15 = a16 - b15 > 0.0
    b20 = torch.where(condition15, b15, a16)
    a20 = torch.where(condition15, a16, b15)
    condition16 = a17 - b16 > 0.0
    b21 = torch.where(condition16, b16, a17)
    a21 = torch.where(condition16, a17, b16)
    condition17 = a18 - b17 > 0.0
    b22 = torch.where(condition17, b17, a18)
    a22 = torch.where(condition17, a18, b17)
    condition18 = a19 - b18 > 0.0
    b23 = torch.where(condition18, b18, a19)
    a23 = torch.where(condition18, a19, b18)
    condition19 = a15 - b20 > 0.0
    a24 = torch.where(condition19, b20, a15)
    a25 = torch.where(condition19, a15, b20)
    condition20 = a20 - b21 > 0.0
    b24 = torch.where(condition20, b21, a20)
    a26 = torch.where(condition20, a20, b21)
    condition21 = a21 - b22 > 0.0
    b25 = torch.where(condition21, b22, a21)
    a27 = torch.where(condition21, a21, b22)
    condition22 = a22 - b23 > 0.0
    b26 = torch.where(condition22, b23, a22)
    a28 = torch.where(condition22, a22, b23)
    condition23 = a23 - b19 > 0.0
    b27 = torch.where(condition23, b19, a23)
    b28 = torch.where(condition23, a23, b19)
    condition24 = a25 - b24 > 0.0
    b29 = torch.where(condition24, b24, a25)
    a29 = torch.where(condition24, a25, b24)
    condition25 = a26 - b25 > 0.0
    b30 = torch.where(condition25, b25, a26)
    a30 = torch.where(condition25, a26, b25)
    condition26 = a27 - b26 > 0.0
    b31 = torch.where(condition26, b26, a27)
    a31 = torch.where(condition26, a27, b26)
    condition27 = a28 - b27 > 0.0
    b32 = torch.where(condition27, b27, a28)
    a32 = torch.where(condition27, a28, b27)
    a33 = torch.where(a24 - b29 > 0.0, a24, b29)
    condition28 = a29 - b30 > 0.0
    b33 = torch.where(condition28, b30, a29)
    a34 = torch.where(condition28, a29, b30)
    condition29 = a30 - b31 > 0.0
    b34 = torch.where(condition29, b31, a30)
    a35 = torch.where(condition29, a30, b31)
    condition30 = a31 - b32 > 0.0
    b35 = torch.where(condition30, b32, a31)
    a36 = torch.where(condition30, a31, b32)
    b36 = torch.where(a32 - b28 > 0.0, b28, a32)
    a37 = torch.where(a33 - b33 > 0.0, a33, b33)
    condition31 = a34 - b34 > 0.0
    b37 = torch.where(condition31, b34, a34)
    a38 = torch.where(condition31, a34, b34)
    condition32 = a35 - b35 > 0.0
    b38 = torch.where(condition32, b35, a35)
    a39 = torch.where(condition32, a35, b35)
    b39 = torch.where(a36 - b36 > 0.0, b36, a36)
    a40 = torch.where(a37 - b37 > 0.0, a37, b37)
    condition33 = a38 - b38 > 0.0
    b40 = torch.where(condition33, b38, a38)
    a41 = torch.where(condition33, a38, b38)
    b41 = torch.where(a39 - b39 > 0.0, b39, a39)
    median2 = (
        torch.where(a40 - b40 > 0.0, a40, b40) + torch.where(a41 - b41 > 0.0, b41, a41)
    ) / 2.0
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
    chosen2 = torch.where(
        range_6 > 1.5,
        6.0,
        torch.where(
            range_7 > 1.5,
            7.0,
            torch.where(range_8 > 1.5, 8.0, choose(range_9 > 1.5, 9.0, -1.0, dtype)),
        ),
    )
    chosen3 = torch.where(
        range_2 > 1.5,
        2.0,
        torch.where(
            range_3 > 1.5,
            3.0,
            torch.where(range_4 > 1.5, 4.0, torch.where(range_5 > 1.5, 5.0, chosen2)),
        ),
    )
    free = torch.where(range_0 > 1.5, 0.0, torch.where(range_1 > 1.5, 1.0, chosen3))
    chosen4 = torch.where(
        range_6 < 0.3,
        range_6,
        torch.where(
            range_7 < 0.3,
            range_7,
            torch.where(range_8 < 0.3, range_8, torch.where(range_9 < 0.3, range_9, math.nan)),
        ),
    )
    chosen5 = torch.where(
        range_2 < 0.3,
        range_2,
        torch.where(
            range_3 < 0.3,
            range_3,
            torch.where(range_4 < 0.3, range_4, torch.where(range_5 < 0.3, range_5, chosen4)),
        ),
    )
    first_close = torch.where(
        ~torch.any(range_ < 0.3, dim=-1),
        3.0,
        torch.where(range_0 < 0.3, range_0, torch.where(range_1 < 0.3, range_1, chosen5)),
    )
    gap = distance(block, target)
    value = vector([0.1, 0.25, 0.5, 1.0], dtype, terminated.device)
    passed = torch.sum(gap[..., None] < value, dim=-1, dtype=dtype)
    term = 4.0 - passed
    chosen6 = torch.where(
        term == 1.0,
        3.0,
        torch.where(
            term == 2.0,
            2.0,
            torch.where(term == 3.0, 1.0, choose(term == 4.0, 0.0, math.nan, dtype)),
        ),
    )
    components = {
        "median": median * median2,
        "first": torch.where(free == -1.0, -first, divide(first, 1.0 + free)),
        "close": -torch.clamp(1.0 - first_close, min=0.0),
        "band": band * (passed / 4.0) + 0.01 * torch.where(term == 0.0, 4.0, chosen6),
    }
    total = components["median"] + components["first"] + components["close"] + components["band"]
    return total, components


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


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


def vector(values: List[float], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Numbers as a tensor; in a script, torch.tensor would round them to single precision."""
    if torch.jit.is_scripting():
        return torch.stack([torch.full([], value, dtype=dtype, device=device) for value in values])
    return torch.tensor(values, dtype=dtype, device=device)


def divide(a: float, b: torch.Tensor) -> torch.Tensor:
    """a / b, rounded once: a number over a tensor would be the number times a reciprocal."""
    return torch.full_like(b, a) / b


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

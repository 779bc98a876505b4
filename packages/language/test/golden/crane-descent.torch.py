"""Reward for gantry-crane.

Loops that end where the step says so, within a fixed number of turns; whole numbers by their bits.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch,)
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean

Components: gap, halvings, drift, turns, millimetres, flags, both, odd, mixed, text. The total is
their sum.
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
    rate: float = 0.5,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["swing"],
            next_obs["trolley"],
            next_obs["swing"],
            next_obs["swingRate"],
            next_obs["mark"],
            next_obs["rope"],
        ],
    )
    action = action.to(dtype)
    obs_swing = obs["swing"]
    trolley = next_obs["trolley"]
    next_swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    hooked = next_obs["hooked"].to(torch.bool)
    touching = next_obs["touching"].to(torch.bool)
    gap = torch.abs(trolley - mark)
    gap_above_rate = gap > rate
    gap2 = gap / 2.0
    gap_above_rate2 = gap2 > rate
    gap3 = gap2 / 2.0
    gap_above_rate3 = gap3 > rate
    gap4 = gap3 / 2.0
    gap_above_rate4 = gap4 > rate
    gap5 = gap4 / 2.0
    gap_above_rate5 = gap5 > rate
    gap6 = gap5 / 2.0
    gap_above_rate6 = gap6 > rate
    gap7 = torch.where(
        gap_above_rate3,
        torch.where(
            gap_above_rate4,
            torch.where(gap_above_rate5, torch.where(gap_above_rate6, gap6 / 2.0, gap6), gap5),
            gap4,
        ),
        gap3,
    )
    halvings = torch.where(
        gap_above_rate3,
        torch.where(
            gap_above_rate4,
            torch.where(gap_above_rate5, choose(gap_above_rate6, 6.0, 5.0, dtype), 4.0),
            3.0,
        ),
        2.0,
    )
    value = torch.tensor([3.0, 2.0, 1.0, 0.0], dtype=dtype, device=terminated.device)
    abs_ = torch.abs(next_swing)
    term = rope * 4.0
    term2 = trolley * 1000.0
    trunc = torch.trunc(term2)
    term3 = trunc - 4294967296.0 * torch.floor(trunc / 4294967296.0)
    millimetres = torch.where(
        torch.isfinite(term2), torch.where(term3 >= 2147483648.0, term3 - 4294967296.0, term3), 0.0
    )
    trunc2 = torch.trunc(term)
    term4 = trunc2 - 4294967296.0 * torch.floor(trunc2 / 4294967296.0)
    term5 = -1.0 - torch.where(
        torch.isfinite(term), torch.where(term4 >= 2147483648.0, term4 - 4294967296.0, term4), 0.0
    )
    trunc3 = torch.trunc(term5)
    term6 = trunc3 - 4294967296.0 * torch.floor(trunc3 / 4294967296.0)
    cells = -1.0 - torch.where(
        torch.isfinite(term5), torch.where(term6 >= 2147483648.0, term6 - 4294967296.0, term6), 0.0
    )
    condition = abs_ > 0.5
    flags = torch.where(
        hooked,
        torch.where(
            touching, choose(condition, 7.0, 3.0, dtype), choose(condition, 5.0, 1.0, dtype)
        ),
        torch.where(
            touching, choose(condition, 6.0, 2.0, dtype), choose(condition, 4.0, 0.0, dtype)
        ),
    )
    both = (hooked & touching).to(dtype)
    odd = ((next_swing > 0.0) != (obs_swing > 0.0)).to(dtype)
    trunc4 = torch.trunc(cells)
    term7 = trunc4 - 4294967296.0 * torch.floor(trunc4 / 4294967296.0)
    chosen = torch.where(
        torch.isfinite(cells), torch.where(term7 >= 2147483648.0, term7 - 4294967296.0, term7), 0.0
    )
    floor = torch.floor(chosen / 2.0)
    floor2 = torch.floor(chosen / 4.0)
    term8 = chosen * 8.0
    trunc5 = torch.trunc(term8)
    term9 = trunc5 - 4294967296.0 * torch.floor(trunc5 / 4294967296.0)
    trunc6 = torch.trunc(millimetres)
    term10 = trunc6 - 4294967296.0 * torch.floor(trunc6 / 4294967296.0)
    trunc7 = torch.trunc(action)
    term11 = trunc7 - 4294967296.0 * torch.floor(trunc7 / 4294967296.0)
    chosen2 = torch.where(
        torch.isfinite(action),
        torch.where(term11 >= 2147483648.0, term11 - 4294967296.0, term11),
        0.0,
    )
    mixed = (
        2.0 * (floor - 2.0 * floor2)
        + 4.0 * (floor2 - 2.0 * torch.floor(chosen / 8.0))
        + floor
        + torch.where(
            torch.isfinite(term8),
            torch.where(term9 >= 2147483648.0, term9 - 4294967296.0, term9),
            0.0,
        )
        + torch.floor((chosen + choose(chosen < 0.0, 4294967296.0, 0.0, dtype)) / 2.0)
        + (
            -1.0
            - torch.where(
                torch.isfinite(millimetres),
                torch.where(term10 >= 2147483648.0, term10 - 4294967296.0, term10),
                0.0,
            )
        )
        - (torch.floor(chosen2) - 2.0 * torch.floor(chosen2 / 2.0))
    )
    text = swing_rate + rope
    components = {
        "gap": -torch.where(gap_above_rate, torch.where(gap_above_rate2, gap7, gap2), gap),
        "halvings": -torch.where(gap_above_rate, torch.where(gap_above_rate2, halvings, 1.0), 0.0),
        "drift": add_up(value * next_swing[..., None]),
        "turns": torch.where(
            ~(rope > 9.0) & (abs_ < 1.0),
            torch.where(
                ~(rope * 2.0 > 9.0) & (abs_ * 2.0 < 1.0),
                torch.where(
                    ~(rope * 3.0 > 9.0) & (abs_ * 3.0 < 1.0),
                    choose(~(term > 9.0) & (abs_ * 4.0 < 1.0), 5.0, 4.0, dtype),
                    3.0,
                ),
                2.0,
            ),
            1.0,
        ),
        "millimetres": millimetres,
        "flags": flags,
        "both": both,
        "odd": odd,
        "mixed": mixed,
        "text": text,
    }
    total = (
        components["gap"]
        + components["halvings"]
        + components["drift"]
        + components["turns"]
        + components["millimetres"]
        + components["flags"]
        + components["both"]
        + components["odd"]
        + components["mixed"]
        + components["text"]
    )
    return total, components


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


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

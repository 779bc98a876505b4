"""Reward for gantry-crane.

Speed limits by distance to the mark, with a total of its own.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned:

    memory = initial_memory(num_envs)
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Reads:

    action (batch,)
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m

Components: settle, keep, swing. The total is its own expression.
"""

import json
import sys

import numpy as np

PARAMS = {
    "keep": 1.0,
    "settle": 0.5,
    "swing": 0.2,
}
MEMORY = {
    "calm": 0.0,
    "turns": 0.0,
    "lastAction": 0.0,
}
CRUISE = 1.5
SPAN = 8.0
CREEP = CRUISE * (SPAN - 6.0) / SPAN
REST_SPEED = 0.05
# A sixth of a turn of the rope either way.
WIDE = np.pi / 6.0


def initial_memory(num_envs):
    """The memory at the start of episodes; num_envs is a number or a shape."""
    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}


def reset_memory(memory, done):
    """The memory, started anew wherever an episode has ended."""
    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, memory, params=PARAMS):
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing = next_obs["swing"]
    mark = next_obs["mark"]
    gap = np.abs(mark - trolley)
    gap_above_2 = gap >= 2.0
    gap_above_limit = gap >= 0.5
    condition = ~np.any(gap[..., None] >= np.array([2.0, 0.5, 0.0]), axis=-1)
    speed = np.where(
        condition, 0.0, np.where(gap_above_2, CRUISE, np.where(gap_above_limit, CREEP, 0.0))
    )
    width = np.where(
        condition, 0.1, np.where(gap_above_2, 0.4, np.where(gap_above_limit, 0.5 * CREEP, 0.1))
    )
    speed2 = np.abs(trolley_speed)
    # The bounds move with the stage.
    keep = tolerance_linear(speed2, speed - width, speed + width, width, 0.1)
    calm = memory["calm"] + 1.0
    condition2 = ~(speed2 > REST_SPEED) & (gap < 0.1)
    turned = (action == 1.0) & (memory["lastAction"] == 2.0) | (action == 2.0) & (
        memory["lastAction"] == 1.0
    )
    turns = memory["turns"] + np.where(turned, 1.0, 0.0)
    min_ = np.minimum(turns, 4.0)
    total_ = (
        params["keep"] * keep
        - params["swing"] * np.abs(swing / WIDE)
        - 0.1
        * np.where(
            0.0 < min_,
            np.where(1.0 < min_, np.where(2.0 < min_, np.where(3.0 < min_, 1.875, 1.75), 1.5), 1.0),
            0.0,
        )
    )
    settle = np.where(condition2, params["settle"] * calm, 0.0)
    keep2 = np.where(condition2, 0.0, keep)
    swing2 = np.where(condition2, 0.0, -np.abs(swing))
    components = {
        "settle": settle,
        "keep": keep2,
        "swing": swing2,
    }
    total = np.where(condition2, settle + keep2 + swing2, total_)
    memory = {
        "calm": np.where(condition2, calm, 0.0),
        "turns": np.where(condition2, memory["turns"], turns),
        "lastAction": np.where(condition2, memory["lastAction"], action),
    }
    return total, components, memory


def tolerance_linear(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * (1.0 - value_at_margin)
    value = np.where(np.abs(s) < 1.0, 1.0 - s, 0.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def columns(values):
    """Rows of a parity file as arrays; JSON spells NaN and the infinities as text."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    return np.array(values, dtype=bool if isinstance(values[0], bool) else np.float64)


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    # Step by step, the episodes of one length are the batch.
    for length in sorted({len(episode) for episode in episodes}):
        together = [episode for episode in episodes if len(episode) == length]
        memory = initial_memory(len(together))
        for batch in zip(*together):
            given = columns([row["input"] for row in batch])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components, memory = reward(*step, memory)
            for index, row in enumerate(batch):
                found = {name: float(values[index]) for name, values in components.items()}
                found["total"] = float(total[index])
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

/** Rewards as models write them in Python when they were not asked to, and what its operators make of numbers. */
export const programs: Readonly<Record<string, string>> = {
  'a pair of a total and its components': `
import numpy as np

# How much each part counts.
W_REACH = 1.0

def gauss(x, width=0.5):
    """A bell function: near => much, let it be
    const = 1 at most."""
    return np.exp(-(x / width) ** 2)

def compute_reward(obs, action, next_obs, info=None):
    # The hand comes nearer.
    to_cube = next_obs["cube"] - next_obs["hand"]
    distance = np.linalg.norm(to_cube)
    before = np.linalg.norm(obs["cube"] - obs["hand"])
    progress, near = before - distance, gauss(distance)
    lift = 0.0
    if next_obs["held"] and not distance > 0.5 or next_obs["height"] > 1:
        lift = 2.0 * np.clip(next_obs["height"] / 1.5, 0.0, 1.0)
    elif -1 < next_obs["speed"] <= 2:
        lift = 0.1
    if distance < 0.3:
        stage = 2
    else:
        stage = 0
    effort = -0.01 * np.sum(np.square(action))
    reward = W_REACH * progress + near + lift + effort
    return reward, {"progress": progress, "near": near, "lift": lift, "effort": effort, "stage": float(stage)}
`,
  'division, remainders and rounding': `
def reward(obs, action, next, info):
    x, y = next["height"], next["speed"]
    return {
        "whole": x // 0.3, "wholeNegative": x // -0.7, "rest": y % 0.7, "restNegative": y % -0.7, "tenth": 1.0 // 0.1,
        "even": round(x * 2), "evenHalf": round(0.5) + round(1.5) + round(2.5) + round(-0.5) + round(-1.5),
        "power": -x ** 2 + 2 ** -1, "int": int(x) + int(y), "ratio": 7 / 2 + 7 // 2 + -7 // 2 + -7 % 3,
    }
`,
  'logic, comparison and truth': `
def reward(obs, action, next_obs, terminated, truncated):
    x, y, held = next_obs["height"], next_obs["speed"], next_obs["held"]
    a = x or 0.5
    b = x > 0 and y
    c = not x > 0 or y > 0
    d = x > 0 or not y > 0 and x < -1
    e = not held == True
    return {
        "a": a, "b": float(b), "c": float(c), "d": float(d), "e": float(e), "chain": float(-1 < x < y <= 2),
        "flag": held * 2.0 + (x > 0) + (y > 0), "choice": 1 if x else -1, "member": float(round(x) in (0, 2)),
        "one": float(held == 1), "end": -1.0 if terminated and not truncated else 0.0, "other": float(x != y),
        "not": float(not (x > 0 and y > 0)), "deep": float(x > 0 and not y > 0 or not x > 1 and not held),
    }
`,
  'loops, lists and slices': `
from math import exp

def reward(state, action, next_state):
    rewards = {}
    rewards["near"] = exp(-sum((a - b) ** 2 for a, b in zip(next_state["hand"], next_state["cube"])))
    rewards["mean"] = sum(x for x in action if x > 0) / len(action)
    total = 0
    for i in range(3):
        total += next_state["hand"][i] * (i + 1)
    for i in range(1, 3):
        total -= next_state["cube"][i]
    rewards["weighted"] = total
    for i, v in enumerate(next_state["cube"]):
        if v < 0:
            break
        rewards["near"] += 0.01 * i
    rewards["count"] = sum(x > 0 for x in next_state["hand"])
    rewards["any"] = any(x > 0.9 for x in next_state["hand"]) * 1.0
    rewards["all"] = float(all(x > -0.5 for x in next_state["hand"]))
    rewards["last"] = next_state["hand"][-1] + sum(next_state["cube"][1:]) + max(next_state["hand"][:2])
    k = 0
    while k < 3 and next_state["height"] > 0.5 * k:
        k += 1
    rewards["turns"] = k
    rewards["table"] = [0.0, 0.5, 2.0, 3.0][2] + max([abs(v) for v in next_state["cube"]])
    return rewards
`,
  'NumPy over vectors': `
import numpy as np

def reward(obs, action, next_obs, done):
    hand, cube = np.array(next_obs["hand"]), np.asarray(next_obs["cube"])
    target = np.array([0.1, 0.2, 0.3])
    inside = np.all(np.abs(hand) < 0.5)
    default = 2.0 * hand - cube / 4.0
    return {
        "distance": np.linalg.norm(hand - target), "inside": float(inside), "dot": np.dot(hand, cube), "sum": default.sum(),
        "mean": np.mean(default ** 2), "max": np.max(hand) - hand.min(), "where": np.where(hand[0] > 0.5, 1.0, -1.0),
        "clipped": np.sum(np.clip(cube, -0.2, 0.2)), "least": np.minimum(hand, cube).sum(), "tanh": 1 - np.tanh(5.0 * np.abs(hand[1])),
        "angle": np.arctan2(hand[0], hand[1]) + np.cos(np.pi * hand[2]) + np.deg2rad(hand[0]), "rint": np.rint(3 * hand[0]),
        "mod": np.mod(hand[0], 0.3), "cross": np.cross(hand, cube)[0], "log": np.log1p(np.abs(hand[0])), "sign": np.sign(cube[2]),
        "end": -1.0 if done else 0.0, "both": float(np.logical_and(hand[0] > 0, cube[0] > 0)),
    }
`,
  'constants of the environment, and names that mean something else in JavaScript': `
import math

def reward(obs, action, next_obs, env):
    var = env["target"] - next_obs["height"]
    norm = math.sqrt(var * var + 1)
    new = min(norm, 2.0, math.hypot(var, 1.5))
    total = var + new
    return total, dict(var=-abs(var), norm=norm, new=new, origin=env["origin"][2])
`,
  'a plain name beside that of the state before': `
def reward(prev_obs, action, obs):
    return {"rise": obs["height"] - prev_obs["height"], "level": obs["height"]}
`,
  'parameters of a helper that are assigned': `
def scaled(x, width=None, power=1):
    if width is None:
        width = 0.5
    x = x / width
    x += 1.0
    power = power + 1
    return x ** power

def reward(obs, action, next_obs, terminated):
    ended = terminated or obs["held"]
    terminated = terminated and next_obs["held"]
    return {"near": scaled(next_obs["height"]), "far": scaled(next_obs["speed"], 2.0, 2), "end": float(terminated), "ended": float(ended)}
`,
  'copies of arrays and of dicts': `
import numpy as np

def reward(obs, action, next_obs):
    hand = next_obs["hand"].copy()
    hand = hand * 2.0
    parts = {"near": hand[0], "far": next_obs["hand"][0]}
    before = parts.copy()
    parts["near"] = 5.0
    parts["far"] += 1.0
    return {"near": parts["near"], "far": parts["far"], "nearBefore": before["near"], "farBefore": before["far"]}
`,
  'arrays of one entry beside longer ones': `
import numpy as np

LIMITS = np.array([0.5, 1.0, 1.5])

def reward(obs, action, next_obs, env):
    hand, cube, push = next_obs["hand"], next_obs["cube"], action[:1]
    offset = hand - env["origin"]
    weighted = np.array([w * 2.0 for w in [0.1, 0.2, 0.3]]) * cube
    return {
        "product": np.sum(push * hand), "sum": np.sum(hand + np.array([2.0])), "below": float(np.all(push < LIMITS)),
        "least": np.minimum(push, cube).sum(), "clipped": np.sum(np.clip(cube, -0.5, LIMITS)), "single": (push - push[-1:])[0],
        "two": np.sum(hand[1:] * action), "offset": np.linalg.norm(offset / LIMITS), "weighted": np.sum(weighted ** action[-1:] ** 2),
        "square": np.sum(hand[-2:] * cube[:-1] * 2.0),
    }
`,
  'flags beside numbers, of which nobody knows which is which': `
import numpy as np

def same(a, b):
    return float(a == b) - 2.0 * float(a != b)

def missing(a=None):
    return 1.0 if a == 0 else 0.0

def reward(obs, action, next_obs):
    x, held = next_obs["height"], next_obs["held"]
    flags = [held, x > 0, x]
    mode = "held" if held else "loose"
    return {
        "helper": same(held, 1) + same(x > 0, held) + same(x, 0.5) + same("a", "a") + same(mode, "held"), "missing": missing() + missing(held),
        "entry": float(flags[0] == 1) + float(flags[1] == True), "within": float(held in (1, 2)) + float(1 in flags) + float(mode in ("held", "b")),
        "both": np.logical_and(x > 0, x) * 1.0, "either": np.logical_or(x, held) * 1.0, "all": np.sum(np.logical_or(next_obs["hand"], x > 0)),
    }
`,
  'modules that a function imports, and names of functions that the translation writes out': `
import numpy.linalg
from numpy import linalg

def modulo(a, b):
    import math
    return math.fmod(a, b) + a % b

def reward(obs, action, next_obs):
    import numpy as np
    from math import pi, sqrt as root
    floorDivide, roundEven = next_obs["height"] // 0.3, round(next_obs["speed"])
    return {
        "rest": modulo(next_obs["height"], 0.7), "whole": floorDivide, "even": roundEven, "root": root(abs(next_obs["height"])) * pi,
        "norms": np.linalg.norm(next_obs["hand"]) + linalg.norm(action), "sum": sum([1.0, 2.0], 0) + np.sum(action, -1),
    }
`,
};

"""Trains policies in Gymnasium's environments with PPO on exported rewards, and measures them by exported fitness.

Reads one JSON job a line from standard input and answers each with one JSON line. A job of kind "train" trains one policy;
one of kind "check" holds what a field is called, and what it is measured in, against the steps that Gymnasium takes.
"""

import json
import sys
import time
import warnings

import gymnasium
import numpy as np
import torch
from exported import Exported, ExportedReward, endings
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

MEASURED_TOGETHER = 20
CHECKED_TOGETHER = 16
CHECKED_STEPS = 250


def environments(job, count, seed):
    venv = DummyVecEnv([lambda: gymnasium.make(job["id"], disable_env_checker=True)] * count)
    venv.seed(seed)
    return venv


def from_setting(setting):
    """A number as it is; a linear schedule is a function of the share of the training that remains."""
    if isinstance(setting, dict) and "linear" in setting:
        return lambda remaining: remaining * setting["linear"]
    return setting


def measure(job, model, normalize):
    """Fitness and Gymnasium's return of the deterministic policy, means over the first episodes of every environment."""
    count = min(MEASURED_TOGETHER, job["episodes"])
    venv = environments(job, count, job["measuredFrom"])
    fitness = Exported(job["fitness"], "success", job["fields"], count)
    each = -(-job["episodes"] // count)
    scores, returns = [[[] for _ in range(count)] for _ in range(2)]
    score, gained, length = np.zeros((3, count))
    before = venv.reset()
    while min(len(own) for own in scores) < each:
        action, _ = model.predict(normalize.normalize_obs(before), deterministic=True)
        after, reward, done, infos = venv.step(action)
        score += fitness(before, action, *endings(after, done, infos))[0]
        gained += reward
        length += 1
        for index in np.flatnonzero(done):
            scores[index].append(score[index] / (length[index] if job["aggregate"] == "mean" else 1))
            returns[index].append(gained[index])
        score[done], gained[done], length[done] = 0, 0, 0
        before = after
    # As many of each: those that end early would count more often.
    return {
        "fitness": float(np.mean([own[:each] for own in scores])),
        "gymnasiumReturn": float(np.mean([own[:each] for own in returns])),
    }


def train(job):
    settings = {name: from_setting(setting) for name, setting in job["settings"].items()}
    count = job["copies"]
    reward = Exported(job["reward"], "reward", job["fields"], count)
    rewarded = ExportedReward(environments(job, count, job["seed"]), reward)
    normalize = VecNormalize(rewarded, gamma=settings["gamma"])
    model = PPO("MlpPolicy", normalize, seed=job["seed"], device="cpu", **settings)
    model.learn(job["steps"])
    normalize.training = False
    return measure(job, model, normalize)


def check(job):
    """How far steps of random, repeated actions are from what our programs say of them, at most."""
    count = CHECKED_TOGETHER
    venv = environments(job, count, job["seed"])
    options = job["checkedFrom"] or {}
    law, human = [Exported(job[name], "reward", job["fields"], count) for name in ("law", "human")]
    random = np.random.default_rng(job["seed"])
    space = venv.action_space
    space.seed(job["seed"])
    action = np.array([space.sample() for _ in range(count)])
    worst, ends = {}, 0

    def start():
        venv.set_options(options)
        return venv.reset()

    before = start()
    for step in range(CHECKED_STEPS):
        # Held for a while, actions go where single ones do not.
        for index in np.flatnonzero(random.random(count) < 0.1):
            action[index] = space.sample()
        after, reward, done, infos = venv.step(action)
        following = endings(after, done, infos)
        _, components = law(before, action, *following)
        total, _ = human(before, action, *following)
        off = {**components, "human reward": total - reward}
        for name, values in off.items():
            worst[name] = max(worst.get(name, 0.0), float(np.max(np.abs(values))))
        ends += int(following[1].sum())
        before = start() if (step + 1) % 50 == 0 else after
    return {"worst": worst, "ends": ends, "steps": CHECKED_STEPS * count}


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        job = json.loads(line)
        began = time.perf_counter()
        try:
            result = train(job) if job["kind"] == "train" else check(job)
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"[:2000]}
        print(json.dumps({**result, "seconds": time.perf_counter() - began}), flush=True)


main()

#!/usr/bin/env python3
"""Value iteration, Q-iteration and Q-learning as chapter 5 of Lapan's "Deep Reinforcement Learning Hands-On" (3rd ed.)
describes them, on dictionaries and Gymnasium, with seeds: the reference for src/tabular. Prints JSON lines, one for each run:
the mean return of every test and the first 256 final values, to be equal bit for bit.

  python tabular_agents.py > fixtures/tabular-agents.jsonl

The run's seed gives numpy.random.SeedSequence(seed).generate_state(4): training reset, action space, test reset,
behaviour. Needs: pip install 'gymnasium[toy-text]==1.4.0'
"""
import json
from collections import Counter, defaultdict

import gymnasium as gym
import numpy as np


def greedy(action_values):
    best = 0
    for action, value in enumerate(action_values):
        if value > action_values[best]:
            best = action
    return best


class Run:
    def __init__(self, env_id, seed, gamma, **kwargs):
        self.env, self.test_env = gym.make(env_id, **kwargs), gym.make(env_id, **kwargs)
        train, actions, test, behaviour = (int(w) for w in np.random.SeedSequence(seed).generate_state(4))
        self.env.action_space.seed(actions)
        self.state, _ = self.env.reset(seed=train)
        self.test_env.reset(seed=test)
        self.rng = np.random.default_rng(behaviour)
        self.gamma = gamma
        self.states = range(int(self.env.observation_space.n))
        self.actions = range(int(self.env.action_space.n))

    def step(self, action):
        state = self.state
        following, reward, terminated, truncated, _ = self.env.step(action)
        self.state = self.env.reset()[0] if terminated or truncated else following
        return state, action, float(reward), following, terminated

    def test(self, episodes):
        total = 0.0
        for _ in range(episodes):
            episode, over = 0.0, False
            state, _ = self.test_env.reset()
            while not over:
                action = self.act(state)
                following, reward, terminated, truncated, _ = self.test_env.step(action)
                self.saw(state, action, float(reward), following)
                episode += float(reward)
                state, over = following, terminated or truncated
            total += episode
        return total / episodes

    def saw(self, *_):
        pass


class SampledModel(Run):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.counts, self.rewards = defaultdict(Counter), defaultdict(float)
        self.values = defaultdict(float)

    def saw(self, state, action, reward, following):
        self.rewards[state, action, following] = reward
        self.counts[state, action][following] += 1

    def expectation(self, state, action, value_of):
        counts = self.counts[state, action]
        total = sum(counts.values())
        result = 0.0
        for following, count in counts.items():
            value = self.rewards[state, action, following] + self.gamma * value_of(following)
            result += (count / total) * value
        return result

    def iterate(self):
        for _ in range(100):
            self.saw(*self.step(self.env.action_space.sample())[:4])
        self.sweep()
        return self.test(20)


class ValueIteration(SampledModel):
    def action_value(self, state, action):
        return self.expectation(state, action, lambda s: self.values[s])

    def act(self, state):
        return greedy([self.action_value(state, action) for action in self.actions])

    def sweep(self):
        for state in self.states:
            self.values[state] = max([self.action_value(state, action) for action in self.actions])

    def table(self):
        return [self.values[state] for state in self.states]


class QIteration(SampledModel):
    def act(self, state):
        return greedy([self.values[state, action] for action in self.actions])

    def sweep(self):
        best = lambda s: max(self.values[s, a] for a in self.actions)
        for state in self.states:
            for action in self.actions:
                self.values[state, action] = self.expectation(state, action, best)

    def table(self):
        return [self.values[state, action] for state in self.states for action in self.actions]


class QLearning(Run):
    def __init__(self, *args, alpha, epsilon=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.alpha, self.epsilon = alpha, epsilon
        self.values = defaultdict(float)

    def act(self, state):
        return greedy([self.values[state, action] for action in self.actions])

    def learn(self, iteration):
        """`epsilon`: (start, final, decay steps) of epsilon-greedy behaviour; None acts at random."""
        explore = True
        if self.epsilon is not None:
            start, final, steps = self.epsilon
            explore = self.rng.random() < max(final, start - iteration / steps)
        action = int(self.env.action_space.sample()) if explore else self.act(self.state)
        state, action, reward, following, terminated = self.step(action)
        target = reward
        if not terminated:
            target = reward + self.gamma * max(self.values[following, a] for a in self.actions)
        self.values[state, action] = self.values[state, action] * (1 - self.alpha) + target * self.alpha

    table = QIteration.table


def sampled(kind, algorithm, env_id, seed, iterations, **kwargs):
    run = kind(env_id, seed, 0.9, **kwargs)
    rewards = []
    while len(rewards) < iterations and not (rewards and rewards[-1] > 0.8):
        rewards.append(run.iterate())
    return {"algorithm": algorithm, "env": env_id, "options": kwargs, "seed": seed, "rewards": rewards, "table": run.table()[:256]}


def learned(env_id, seed, tests, config, **kwargs):
    run = QLearning(env_id, seed, config["gamma"], alpha=config["alpha"], epsilon=config.get("epsilon"), **kwargs)
    rewards, iteration = [], 0
    while len(rewards) < tests:
        iteration += 1
        run.learn(iteration)
        if iteration % config["testInterval"] == 0:
            rewards.append(run.test(config["testEpisodes"]))
    return {"algorithm": "q-learning", "env": env_id, "options": kwargs, "seed": seed, **config, "rewards": rewards, "table": run.table()[:256]}


if __name__ == "__main__":
    lake = {"gamma": 0.9, "alpha": 0.2, "testInterval": 100, "testEpisodes": 20}
    taxi = {"gamma": 0.8, "alpha": 0.3, "testInterval": 5000, "testEpisodes": 10}
    print(json.dumps({"gymnasium": gym.__version__, "numpy": np.__version__}))
    for line in (
        *(sampled(ValueIteration, "value-iteration", "FrozenLake-v1", seed, 200) for seed in range(4)),
        *(sampled(QIteration, "q-iteration", "FrozenLake-v1", seed, 200) for seed in range(4)),
        sampled(ValueIteration, "value-iteration", "FrozenLake8x8-v1", 1, 40),
        sampled(QIteration, "q-iteration", "FrozenLake8x8-v1", 1, 40, is_slippery=False),
        learned("FrozenLake-v1", 1, 60, lake),
        learned("FrozenLake-v1", 2, 60, {**lake, "epsilon": [1.0, 0.05, 3000]}),
        learned("Taxi-v4", 1, 4, taxi),
    ):
        print(json.dumps(line))

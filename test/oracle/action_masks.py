#!/usr/bin/env python3
"""Q-learning, SARSA and Expected SARSA with Taxi's action masks, written on NumPy and Gymnasium as the documentation of Taxi
shows: random actions by `env.action_space.sample(info["action_mask"])`, greedy ones among
`np.where(info["action_mask"] == 1)[0]`. The reference for `actionMasks` in src/tabular. Prints JSON lines, one for each run:
the mean return of every test and the final values of states 0 to 63, to be equal bit for bit.

  python action_masks.py > fixtures/action-masks.jsonl

The run's seed gives numpy.random.SeedSequence(seed).generate_state(4): training reset, action space, test reset,
behaviour. Needs: pip install 'gymnasium[toy-text]==1.4.0'
"""
import json

import gymnasium as gym
import numpy as np


def allowed_in(info):
    return np.where(info["action_mask"] == 1)[0]


class Agent:
    def __init__(self, env_id, seed, options, gamma, alpha, epsilon):
        self.env, self.test_env = gym.make(env_id, **options), gym.make(env_id, **options)
        train, actions, test, behaviour = (int(word) for word in np.random.SeedSequence(seed).generate_state(4))
        self.env.action_space.seed(actions)
        self.observation, self.info = self.env.reset(seed=train)
        self.test_env.reset(seed=test)
        self.rng = np.random.default_rng(behaviour)
        self.q_values = np.zeros((self.env.observation_space.n, self.env.action_space.n))
        self.gamma, self.alpha = gamma, alpha
        # (start, final, steps to fall by 1), or None for random behaviour
        self.schedule = epsilon

    def epsilon(self, step):
        if self.schedule is None:
            return 1.0
        start, final, steps = self.schedule
        return max(final, start - step / steps)

    def greedy(self, observation, info):
        allowed = allowed_in(info)
        return int(allowed[np.argmax(self.q_values[observation, allowed])])

    def act(self, observation, info, step):
        if self.schedule is None or self.rng.random() < self.epsilon(step):
            return int(self.env.action_space.sample(info["action_mask"]))
        return self.greedy(observation, info)

    def follow(self, observation, info, step):
        """Value of what comes after a step."""
        raise NotImplementedError

    def learn(self, step):
        action = self.choose(step)
        observation, reward, terminated, truncated, info = self.env.step(action)
        target = float(reward) if terminated else float(reward) + self.gamma * self.follow(observation, info, step)
        old = float(self.q_values[self.observation, action])
        self.q_values[self.observation, action] = old * (1 - self.alpha) + target * self.alpha
        if terminated or truncated:
            observation, info = self.env.reset()
            self.episode_over()
        self.observation, self.info = observation, info

    def choose(self, step):
        return self.act(self.observation, self.info, step)

    def episode_over(self):
        pass

    def test(self, episodes):
        total = 0.0
        for _ in range(episodes):
            observation, info = self.test_env.reset()
            over = False
            while not over:
                observation, reward, terminated, truncated, info = self.test_env.step(self.greedy(observation, info))
                total += float(reward)
                over = terminated or truncated
        return total / episodes


class QLearning(Agent):
    def follow(self, observation, info, step):
        return float(np.max(self.q_values[observation, allowed_in(info)]))


class ExpectedSarsa(Agent):
    def follow(self, observation, info, step):
        values = [float(value) for value in self.q_values[observation, allowed_in(info)]]
        total = 0.0
        for value in values:
            total += value
        epsilon = self.epsilon(step)
        return (1 - epsilon) * max(values) + epsilon * total / len(values)


class Sarsa(Agent):
    next_action = None

    def choose(self, step):
        return self.act(self.observation, self.info, step) if self.next_action is None else self.next_action

    def follow(self, observation, info, step):
        self.next_action = self.act(observation, info, step)
        return float(self.q_values[observation, self.next_action])

    def episode_over(self):
        self.next_action = None


def run(algorithm, agent, env_id, seed, tests, config, options={}):
    learner = agent(env_id, seed, options, config["gamma"], config["alpha"], config.get("epsilon"))
    rewards, step = [], 0
    while len(rewards) < tests:
        step += 1
        learner.learn(step)
        if step % config["testInterval"] == 0:
            rewards.append(learner.test(config["testEpisodes"]))
    table = learner.q_values[:64].ravel().tolist()
    return {"algorithm": algorithm, "env": env_id, "options": options, "seed": seed, **config, "rewards": rewards, "table": table}


if __name__ == "__main__":
    taxi = {"gamma": 0.95, "alpha": 0.5, "testInterval": 20000, "testEpisodes": 10}
    falling = {**taxi, "epsilon": [1.0, 0.05, 40000]}
    rain = {"is_rainy": True}
    print(json.dumps({"gymnasium": gym.__version__, "numpy": np.__version__}))
    for line in (
        run("q-learning", QLearning, "Taxi-v4", 1, 4, taxi),
        run("q-learning", QLearning, "Taxi-v4", 2, 5, falling),
        run("q-learning", QLearning, "Taxi-v4", 3, 4, falling, rain),
        run("expected-sarsa", ExpectedSarsa, "Taxi-v4", 4, 5, falling),
        run("sarsa", Sarsa, "Taxi-v4", 5, 5, falling),
    ):
        print(json.dumps(line))

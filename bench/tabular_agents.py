#!/usr/bin/env python3
"""The tabular agents as they are usually written in Python: a dictionary of NumPy rows on Gymnasium's environments. Prints
updates per second.

  python tabular_agents.py ALGORITHM ENV [STEPS]
"""
import random
import sys
import time
from collections import defaultdict

import gymnasium as gym
import numpy as np

GAMMA, ALPHA, EPSILON, N, LAMBDA, PLANNING = 0.9, 0.1, 0.1, 3, 0.8, 5


def main(algorithm, env_id, steps):
    env = gym.make(env_id)
    env.action_space.seed(1)
    n_actions = int(env.action_space.n)
    q = defaultdict(lambda: np.zeros(n_actions))
    q2 = defaultdict(lambda: np.zeros(n_actions))
    model, tried, traces, visits = {}, [], defaultdict(float), defaultdict(int)
    weights = defaultdict(float)

    def act(state):
        if random.random() < EPSILON:
            return int(env.action_space.sample())
        values = q[state] + q2[state] if algorithm == "double-q-learning" else q[state]
        return int(np.argmax(values))

    def q_update(s, a, r, s2, done):
        q[s][a] += ALPHA * (r + (0.0 if done else GAMMA * np.max(q[s2])) - q[s][a])

    state, _ = env.reset(seed=1)
    action, episode = act(state), []
    started = time.perf_counter()
    for _ in range(steps):
        following, reward, done, cut, _ = env.step(action)
        following_action = act(following)
        episode.append((state, action, reward))
        if algorithm == "q-learning":
            q_update(state, action, reward, following, done)
        elif algorithm == "sarsa":
            target = reward + (0.0 if done else GAMMA * q[following][following_action])
            q[state][action] += ALPHA * (target - q[state][action])
        elif algorithm == "expected-sarsa":
            row = q[following]
            value = (1 - EPSILON) * np.max(row) + EPSILON * np.mean(row)
            q[state][action] += ALPHA * (reward + (0.0 if done else GAMMA * value) - q[state][action])
        elif algorithm == "double-q-learning":
            a, b = (q, q2) if random.random() < 0.5 else (q2, q)
            value = b[following][int(np.argmax(a[following]))]
            a[state][action] += ALPHA * (reward + (0.0 if done else GAMMA * value) - a[state][action])
        elif algorithm.startswith("n-step"):
            first = len(episode) - N
            starts = range(max(0, first), len(episode)) if done or cut else range(first, first + 1) if first >= 0 else ()
            for tau in starts:
                if algorithm == "n-step-sarsa":
                    g = 0.0 if done else q[following][following_action]
                else:
                    g = 0.0 if done else np.max(q[following])
                for k in range(len(episode) - 1, tau - 1, -1):
                    s, a, r = episode[k]
                    if algorithm == "n-step-tree-backup" and k < len(episode) - 1:
                        s_next, a_next, _ = episode[k + 1]
                        best = int(np.argmax(q[s_next]))
                        g = g if a_next == best else q[s_next][best]
                    g = r + GAMMA * g
                s, a, _ = episode[tau]
                q[s][a] += ALPHA * (g - q[s][a])
        elif algorithm == "q-lambda":
            best = np.max(q[following])
            delta = reward + (0.0 if done else GAMMA * best) - q[state][action]
            traces[state, action] = 1.0
            greedy = not done and q[following][following_action] == best
            for s, a in list(traces):
                q[s][a] += ALPHA * delta * traces[s, a]
                traces[s, a] *= GAMMA * LAMBDA
                if traces[s, a] < 1e-12:
                    del traces[s, a]
            if not greedy:
                traces.clear()
        elif algorithm == "dyna-q":
            q_update(state, action, reward, following, done)
            if (state, action) not in model:
                tried.append((state, action))
            model[state, action] = (reward, following, done)
            for _ in range(PLANNING):
                s, a = random.choice(tried)
                q_update(s, a, *model[s, a])
        elif algorithm.startswith("monte-carlo") and (done or cut):
            g, first = 0.0, {}
            for t, (s, a, _) in enumerate(episode):
                first.setdefault((s, a), t)
            for t in range(len(episode) - 1, -1, -1):
                s, a, r = episode[t]
                g = GAMMA * g + r
                if first[s, a] == t:
                    visits[s, a] += 1
                    q[s][a] += (g - q[s][a]) / visits[s, a]
        elif algorithm == "off-policy-monte-carlo" and (done or cut):
            g, w = 0.0, 1.0
            for s, a, r in reversed(episode):
                g = GAMMA * g + r
                weights[s, a] += w
                q[s][a] += w / weights[s, a] * (g - q[s][a])
                if a != int(np.argmax(q[s])):
                    break
                w /= 1 - EPSILON + EPSILON / n_actions
        if done or cut:
            state, _ = env.reset()
            action, episode = act(state), []
            traces.clear()
            if algorithm == "monte-carlo-es":
                action = int(env.action_space.sample())
        else:
            state, action = following, following_action
    return steps / (time.perf_counter() - started)


if __name__ == "__main__":
    name, environment, *rest = sys.argv[1:]
    print(main(name, environment, int(rest[0]) if rest else 20_000))

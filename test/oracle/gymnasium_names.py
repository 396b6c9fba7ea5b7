"""Names that Gymnasium offers, as JSON: environments with limits and thresholds, wrappers, vector classes.

  gymnasium_names.py > fixtures/gymnasium-names.json      (gymnasium==1.4.0, without ale-py)
"""

import json
import warnings

import gymnasium
from gymnasium import vector, wrappers

warnings.filterwarnings("ignore")
environments = {
    name: {"maxEpisodeSteps": spec.max_episode_steps, "rewardThreshold": spec.reward_threshold}
    for name, spec in sorted(gymnasium.registry.items())
    if not name.startswith("ALE/") and "gymnasium.envs" in str(spec.entry_point) and "<" not in str(spec.entry_point)
}
names = {
    "gymnasium": gymnasium.__version__,
    "environments": environments,
    "wrappers": sorted(name for name in wrappers.__all__ if name != "vector"),
    "vector": sorted(name for name in vector.__all__ if name[0].isupper()),
    "vectorWrappers": sorted(wrappers.vector.__all__),
}
print(json.dumps(names, indent=1))

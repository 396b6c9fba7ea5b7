/** What is soaked: trainings that never reach their bound. */

export interface SoakedTraining {
  readonly name: string;
  /** Arguments of `bellman train` at its beginning. */
  readonly args: readonly string[];
  /** Steps after which its replay is full; 0 without one. */
  readonly fullAt: number;
}

const NEVER = ['--set', 'maxSteps=1000000000000', '--reward', '22'];
const REPLAY = 10_000;

/** @param cartridge whether Pong's is there; otherwise the built-in Pong is played. */
export function soakedTrainings(cartridge: boolean): SoakedTraining[] {
  const pong = cartridge ? ['--env', 'PongNoFrameskip-v4'] : [];
  // A test after each episode would fill the disk with its log lines.
  const table = ['q-learning', '--env', 'FrozenLake-v1', '--reward', '1.1', '--set', 'testInterval=100000'];
  return [
    { name: 'pong', args: [cartridge ? 'pong-fast' : 'pong-built-in', ...pong, ...NEVER], fullAt: 0 },
    {
      name: 'dqn',
      args: ['dqn-pong-fast', ...pong, ...NEVER, '--set', `bufferSize=${REPLAY}`],
      fullAt: REPLAY,
    },
    ...[0, 1].map((seed) => ({
      name: `table-seed${seed}`,
      args: [...table, '--set', 'maxIterations=1000000000000', '--seed', String(seed)],
      fullAt: 0,
    })),
  ];
}

import { addCartridge, MissingCartridgeError } from '../../../atari/cartridges.ts';
import { titleOf } from '../../../atari/names.ts';
import type { Env, Info, RgbFrame } from '../../../core/env.ts';
import { MismatchError } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { GraphRunner } from '../../../graph/runner.ts';

/** A trained network that plays its game, and the frames that the console drew meanwhile. */
export interface ArcadeAgent {
  readonly env: string;
  /** ALE's name of it. */
  readonly game: string;
  /** The next frame; plays a step when there is none left. A view, valid until the next call. */
  frame(): Promise<RgbFrame>;
  /** Rewards of the present episode. */
  readonly score: number;
  readonly action: string;
  /** The console as it is now. */
  state(): Snapshot;
  close(): Promise<void>;
}

/** What an Atari environment has that others lack, seen through its wrappers. */
interface AtariLike {
  readonly ale: import('../../../atari/ale.ts').Ale;
  getActionMeanings(): readonly string[];
}

/**
 * Seats a model in front of its game.
 * @param path how messages call the model.
 * @param cartridges those that are here, that of its game among them.
 * @throws FileFormatError for what is no model, MismatchError for one of something else than a game that is here.
 */
export async function openArcadeAgent(
  model: Uint8Array,
  path: string,
  { cartridges, seed }: { readonly cartridges: Iterable<Uint8Array>; readonly seed: number },
): Promise<ArcadeAgent> {
  for (const cartridge of cartridges) addCartridge(cartridge);
  const [{ openAgent }, { readGraph, compileGraphs }] = await Promise.all([
    import('../../../runs/open-agent.ts'),
    import('../../../graph/index.ts'),
    import('../../../atari/atari-family.ts'),
  ]);
  const createModelRunner = async (bytes: Uint8Array): Promise<GraphRunner> => {
    const { graph, outputs, weights } = readGraph(bytes, 1, path);
    return compileGraphs(graph, outputs, { constants: weights });
  };
  const agent = await openAgent({ content: model, path }, {}, { createModelRunner }).catch((error: unknown) => {
    if (!(error instanceof MissingCartridgeError)) throw error;
    throw new MismatchError(`${path} plays ${titleOf(error.game)}: add the cartridge of that game first.`);
  });
  const atari = agent.env.unwrapped as Env<unknown, number> & Partial<AtariLike>;
  const { ale } = atari;
  if (ale === undefined) {
    await agent.close();
    throw new MismatchError(`${path} plays ${agent.envId}, which is no game of the console.`);
  }
  const meanings = atari.getActionMeanings?.() ?? [];
  const shown: Uint8Array[] = [];
  const spare: Uint8Array[] = [];
  const width = ale.screenWidth;
  const height = ale.screenHeight;
  // Each frame of a step is shown, not its last alone.
  const act = ale.act.bind(ale);
  ale.act = (action: number, strength?: number): number => {
    const reward = act(action, strength);
    shown.push(ale.screenRgb(spare.pop() ?? new Uint8Array(3 * width * height)));
    return reward;
  };
  let { observation, info } = agent.env.reset({ seed }) as { observation: unknown; info: Info };
  let [score, action, over] = [0, -1, false];
  let last: Uint8Array | undefined;
  return {
    env: agent.envId,
    game: ale.game.name,
    get score() {
      return score;
    },
    get action() {
      return meanings[action] ?? '';
    },
    state: () => ale.saveState(),
    async frame() {
      if (shown.length === 0) {
        if (over) {
          ({ observation, info } = agent.env.reset());
          score = 0;
        }
        action = await agent.act(observation, info);
        const step = agent.env.step(action);
        ({ observation, info } = step);
        score += step.reward;
        over = step.terminated || step.truncated;
      }
      if (last !== undefined) spare.push(last);
      last = shown.shift() ?? ale.screenRgb();
      return { width, height, data: last };
    },
    close: () => agent.close(),
  };
}

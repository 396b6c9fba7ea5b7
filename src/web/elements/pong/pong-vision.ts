import type { PreprocessingConfig } from '../../../agents/preprocessing-config.ts';
import type { StepResult } from '../../../core/env.ts';
import { MismatchError } from '../../../core/errors.ts';
import { PongEnv } from '../../../envs/pong/pong-env.ts';
import type { PongGame } from '../../../envs/pong/pong-rules.ts';
import { lapanPreprocessing } from '../../../wrappers/lapan-preprocessing.ts';

/** How a model sees Pong. */
export type PongView = Extract<PreprocessingConfig, { readonly kind: 'atari' }>;

/**
 * What a network sees of a game that is played frame by frame elsewhere. It saw every `frameSkip` frames in its training, by
 * wrappers that play them in one go; here the wrappers play again what has been played, so a person may move in between.
 */
export class PongVision {
  /** [stack, side, side] bytes, oldest first; a view that the next `see` overwrites. */
  observation: Uint8Array;
  /** Frames between two looks. */
  readonly frameSkip: number;
  readonly stack: number;
  readonly side: number;
  readonly #screens = new PlayedScreens();
  readonly #wrapped: ReturnType<typeof lapanPreprocessing>;

  /** @throws MismatchError for a view that is not of a game's pictures. */
  constructor(view: PongView) {
    if (view.kind !== 'atari') throw new MismatchError('The model does not see pictures, so it cannot watch Pong.');
    const { kind: _, stickyActions: _own, frameSize, ...options } = view;
    this.frameSkip = view.frameSkip;
    this.stack = view.frameStack;
    this.side = frameSize;
    this.#wrapped = lapanPreprocessing(this.#screens, { ...options, size: frameSize, noopMax: 0, scaled: false });
    this.observation = this.#wrapped.reset({ seed: 0 }).observation as Uint8Array;
  }

  /** A new game begins, as it stands. */
  begin(game: PongGame): void {
    this.#screens.present = game.save();
    this.observation = this.#wrapped.reset().observation as Uint8Array;
  }

  /** A frame was played. */
  played(game: PongGame): void {
    this.#screens.waiting.push(game.save());
  }

  /** Looks at the frames since the last time. */
  see(): Uint8Array {
    this.observation = this.#wrapped.step(0).observation as Uint8Array;
    return this.observation;
  }
}

/** An environment whose steps are frames that were played before. */
class PlayedScreens extends PongEnv {
  readonly waiting: Int32Array[] = [];
  present: Int32Array = this.game.save();
  #painted = true;

  override reset(): ReturnType<PongEnv['reset']> {
    this.waiting.length = 0;
    const result = super.reset({ seed: 0 });
    this.#show();
    return result;
  }

  override step(): StepResult<Uint8Array> {
    // What the wrappers do at a start has no frames yet.
    this.present = this.waiting.shift() ?? this.present;
    this.#show();
    return { observation: this.screenObservation, reward: 0, terminated: false, truncated: false, info: {} };
  }

  #show(): void {
    this.game.restore(this.present);
    if (this.#painted) super.setObservationWanted(true);
  }

  override setObservationWanted(wanted: boolean): void {
    this.#painted = wanted;
    super.setObservationWanted(wanted);
  }
}

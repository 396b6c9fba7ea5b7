import { MismatchError, UnavailableError } from '../../core/errors.ts';

const EXAMPLE = `--kwargs '{"wrappers": ["FlattenObservation", {"name": "DtypeObservation", "dtype": "float32"}]}'`;

/** An error about spaces that do not fit an agent, with what to do about it for an environment in Python; others as they
 * are. */
export function withWrapperAdvice(error: unknown): unknown {
  if (!(error instanceof MismatchError || error instanceof UnavailableError)) return error;
  const advice = `Wrappers of Gymnasium make vectors of float32: ${EXAMPLE}; for MiniGrid first "minigrid.wrappers:ImgObsWrapper".`;
  return new MismatchError(`${error.message} ${advice}`);
}

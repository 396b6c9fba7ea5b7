/**
 * A run is a folder that explains itself:
 *
 *     config.json                   what was asked for, resolved: recipe, environment, values with sources, seed, versions, id
 *     status.json                   what its program last said of it: running, stopped, solved …, the step, speed, time left
 *     metrics.jsonl                 one JSON object a line
 *     log.txt                       the training's lines for people, each with its time
 *     events.out.tfevents.*         the same for TensorBoard
 *     checkpoints/checkpoint-N.bck  the newest two; N is the step
 *     best.onnx, best.json          the best model so far and what is known of it
 *     models/step-000001000.onnx    the model after so many steps, where `--snapshot-every` asked for them
 *     models/best_19.onnx           each new best by its score, where `--keep-best` asked for them
 *     videos/step-000001000.mp4    test episodes, where `--record-every` asked for them; other films
 *     .lock                         the process that writes here, while there is one
 *
 * A kill at any moment leaves something that `openRun` continues: every file but the logs appears complete or not at all,
 * and the logs are cut back to where they were at the checkpoint, so that a continued run's logs are those of a run that
 * never stopped (the times in them aside).
 */
export const CONFIG_FILE = 'config.json';
export const STATUS_FILE = 'status.json';
export const METRICS_FILE = 'metrics.jsonl';
export const LINES_FILE = 'log.txt';
export const BEST_MODEL_FILE = 'best.onnx';
export const BEST_INFO_FILE = 'best.json';
export const MODELS_FOLDER = 'models';
export const VIDEOS_FOLDER = 'videos';

export const EVENTS_PREFIX = 'events.out.tfevents.';
export const CHECKPOINTS_FOLDER = 'checkpoints';

/** Name of what is kept of a step, in `models` and `videos`. @param ending with its dot. */
export const stepFileName = (step: number, ending: string): string => `step-${String(step).padStart(9, '0')}${ending}`;

/**
 * Name of the best model of a score, in `models`: the score's whole part, as in Lapan's `-best_%.0f.dat`; of scores below 1 their
 * hundredths. So a training leaves tens of files, not one for each of its hundreds of improvements.
 * @param ending with its dot.
 */
export const bestFileName = (score: number, ending: string): string =>
  `best_${score.toFixed(Math.abs(score) < 1 ? 2 : 0)}${ending}`;

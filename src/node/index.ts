export { createDqn, createTraining } from './create-training.ts';
export { type LoadedAgent, type LoadOptions, loadAgent } from './load-agent.ts';
export { createOrtRunner, type OrtRunnerOptions } from './ort-runner.ts';
export { ortRunnerFactory } from './ort-runner-factory.ts';
export { type ResolvedRun, type RunRequest, resolveRun } from './resolve-run.ts';
export { createRun, openRun, RunDirectory, readBest, readRunConfig } from './run-directory.ts';
export { type RunTrainingOptions, runTraining, type TrainingOutcome } from './run-training.ts';
export { openVideoFile, type VideoFile } from './video-file.ts';

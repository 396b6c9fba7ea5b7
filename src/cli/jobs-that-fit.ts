import { availableParallelism } from 'node:os';

/** Trainings at the same time that the cores hold. @param networks whether they use `threads` each; tables use one. */
export function jobsThatFit(networks: boolean, threads: number): number {
  const cores = availableParallelism();
  return networks ? Math.max(1, Math.floor(cores / threads)) : cores;
}

import type { CommandEntry } from './command.ts';

/** The program's commands, by groups of its help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'train',
    summary: 'learn: tabular methods, DQN and PQN, with logs and checkpoints',
    group: 'Train and watch',
    makes: true,
    load: () => import('./train.ts'),
  },
  {
    name: 'play',
    summary: 'watch an agent play, record a video',
    group: 'Train and watch',
    load: () => import('./play.ts'),
  },
  {
    name: 'eval',
    summary: 'score an agent over many episodes',
    group: 'Train and watch',
    load: () => import('./eval.ts'),
  },
  {
    name: 'plot',
    summary: 'draw learning curves, value tables, Q tables and policies',
    group: 'Train and watch',
    makes: true,
    load: () => import('./plot.ts'),
  },
  {
    name: 'film',
    summary: "film a run's progress from the models that it kept",
    group: 'Train and watch',
    makes: true,
    load: () => import('./film.ts'),
  },
  {
    name: 'ui',
    summary: 'a page that shows all runs live, in the browser',
    group: 'Train and watch',
    load: () => import('./ui.ts'),
  },
  {
    name: 'convert',
    summary: 'show or write as .onnx what PyTorch or Stable-Baselines3 saved',
    group: 'Look around',
    makes: true,
    load: () => import('./convert.ts'),
  },
  { name: 'runs', summary: 'list runs: state, score, steps', group: 'Look around', load: () => import('./runs.ts') },
  { name: 'envs', summary: 'list environments, describe one', group: 'Look around', load: () => import('./envs.ts') },
  {
    name: 'algorithms',
    summary: 'list algorithms, describe one',
    group: 'Look around',
    load: () => import('./algorithms.ts'),
  },
  {
    name: 'recipes',
    summary: 'list recipes, show one with the source of each value',
    group: 'Look around',
    load: () => import('./recipes.ts'),
  },
  {
    name: 'model',
    summary: "show a model's layers, shapes and parameters, and where it comes from",
    group: 'Look around',
    load: () => import('./model.ts'),
  },
  {
    name: 'render',
    summary: 'a picture of an environment, as PNG or in the terminal',
    group: 'Look around',
    makes: true,
    load: () => import('./render.ts'),
  },
  {
    name: 'roms',
    summary: 'get the cartridges of Atari games, list them',
    group: 'Set up and measure',
    makes: true,
    load: () => import('./roms.ts'),
  },
  {
    name: 'doctor',
    summary: 'check an environment or recipe before a long run',
    group: 'Set up and measure',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'bench',
    summary: 'measure speed on this machine',
    group: 'Set up and measure',
    load: () => import('./bench.ts'),
  },
  {
    name: 'trace',
    summary: "print an environment's trajectory as JSON lines",
    group: 'Set up and measure',
    load: () => import('./trace.ts'),
  },
  {
    name: 'completion',
    summary: 'print a program that completes commands in bash, zsh or fish',
    group: 'Set up and measure',
    load: () => import('./completion.ts'),
  },
];

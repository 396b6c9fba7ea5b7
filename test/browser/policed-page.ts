/** The jobs in a page, told to its server. */
import { loadOrt, ortWebRunnerFactory } from 'bellman-rl/web';
import { tellAll } from './policed-jobs.ts';

const ort = async () => ortWebRunnerFactory(await loadOrt({ folder: '/ort/' }));
const told = await tellAll(ort).catch((error: Error) => ({ error: String(error.stack) }));
await fetch('/result', { method: 'POST', body: JSON.stringify(told) });

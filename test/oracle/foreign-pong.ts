/**
 * Prints the values of the made-up picture of foreign_pong.py.
 *
 *   npx tsx test/oracle/foreign-pong.ts MODEL
 */
import { readFileSync } from 'node:fs';
import { buildQValues } from '../../src/agents/dqn.ts';
import { readForeignModel } from '../../src/foreign/foreign-model.ts';
import { evaluate } from '../../src/graph/index.ts';

const [path] = process.argv.slice(2);
const spec = { inputShape: [4, 84, 84], inputDType: 'uint8', actions: 6 } as const;
const { network, weights } = readForeignModel(new Uint8Array(readFileSync(path)), path).build(spec);
const observations = Uint8Array.from(
  { length: 4 * 84 * 84 },
  (_, i) => (i * 31 + Math.floor(i / 84) * 17 + Math.floor(i / 7056) * 101) % 256,
);
const [q] = evaluate([buildQValues(network, 1).outputs['q']], { observations, ...weights });
console.log(JSON.stringify([...q]));

/** The curves of a soak as SVG files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Curve, drawCurves } from '../../src/plot/index.ts';
import type { Sample } from './sample.ts';
import { blocksOf } from './trend.ts';

type Measure = readonly [label: string, value: (sample: Sample) => number | undefined];

const MB = 1e6;
const PICTURES: readonly {
  readonly file: string;
  readonly title: string;
  readonly unit: string;
  readonly of: readonly Measure[];
}[] = [
  { file: 'soak-resident.svg', title: 'Resident memory', unit: 'MB', of: [['', ({ resident }) => resident / MB]] },
  {
    file: 'soak-heap.svg',
    title: 'V8: heap and external memory',
    unit: 'MB',
    of: [
      [' heap', ({ heap }) => heap && heap / MB],
      [' external', ({ external }) => external && external / MB],
    ],
  },
  {
    file: 'soak-counts.svg',
    title: 'Descriptors and threads',
    unit: 'number',
    of: [
      [' descriptors', ({ descriptors }) => descriptors],
      [' threads', ({ threads }) => threads],
    ],
  },
  {
    file: 'soak-disk.svg',
    title: "The run's folder",
    unit: 'MB',
    of: [
      [' logs', ({ logs }) => logs / MB],
      [' rest', ({ rest }) => rest / MB],
    ],
  },
];

/** @returns paths of the files written. */
export function drawSoak(samples: readonly Sample[], folder: string): string[] {
  // Minutes, where hours are decimals.
  const perHour = samples.some(({ time }) => time > 3600) ? 1 : 60;
  const trainings = [...new Set(samples.map(({ training }) => training))];
  return PICTURES.map(({ file, title, unit, of }) => {
    const curves = trainings.flatMap((training) =>
      of.map(([suffix, value]) => curveOf(`${training}${suffix}`, samples, training, value, perHour)),
    );
    const path = join(folder, file);
    const drawn = curves.filter(({ band }) => band.x.length > 0);
    const subtitle = 'medians of half minutes; each piece is a new process';
    const all = drawn.flatMap(({ band }) => [...band.mean]);
    const yRange = [0, 1.05 * Math.max(1, ...all)] as const;
    const options = {
      title,
      subtitle,
      xLabel: perHour === 1 ? 'hours' : 'minutes',
      yLabel: unit,
      spread: 'none',
      yRange,
    } as const;
    writeFileSync(path, drawCurves(drawn, options));
    return path;
  });
}

function curveOf(
  label: string,
  samples: readonly Sample[],
  training: string,
  value: Measure[1],
  perHour: number,
): Curve {
  const blocks = blocksOf(
    samples.flatMap((sample) => {
      const number = sample.training === training ? value(sample) : undefined;
      return number === undefined ? [] : [{ piece: sample.piece, time: sample.time / 3600, value: number }];
    }),
  );
  const x = blocks.map(({ time }) => time * perHour);
  const mean = blocks.map((block) => block.value);
  return { label, runs: 1, band: { x, mean, low: mean, high: mean } };
}

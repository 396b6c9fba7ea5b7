/**
 * A layer of long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000), in PyTorch's
 * layout and with its names (`nn.LSTM`): gates i, f, g, o from W_ih x + b_ih + W_hh h + b_hh,
 *
 *     c' = sigmoid(f) c + sigmoid(i) tanh(g)        h' = sigmoid(o) tanh(c')
 *
 * Sequences are unrolled from ordinary operators, so every engine runs them and a model's file is one step of them: ONNX's
 * own LSTM has no gradient in onnxruntime, and cannot empty a state in the middle of a sequence. What differentiation would
 * make of the unrolled form is T products of few rows and T slices padded to the length of all; backwards through time as
 * written here, the gradients of all steps are joined once and multiplied once.
 */
import { ShapeError } from '../core/errors.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { concat } from '../graph/ops/concat.ts';
import { linear, matMul } from '../graph/ops/mat-mul.ts';
import { slice } from '../graph/ops/pad-and-crop.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { sigmoid, tanh } from '../graph/ops/unary.ts';
import { withGradient } from '../graph/ops/with-gradient.ts';
import { describe, sameShape } from '../graph/tensor-spec.ts';
import type { ParameterSpec } from './parameters.ts';

/** What a recurrent layer goes on from, and where it leaves what it ends with. */
export interface Recurrence {
  /** T: rows are those of sequences, [B * T], the steps of one after the other. */
  readonly steps: number;
  /** What is remembered before the first step, h and c one after the other: [B, 2 * units]. */
  readonly state: Tensor;
  /** [B, T], 1 where a step begins an episode, for which nothing is remembered, else 0; absent where none does. */
  readonly starts?: Tensor | undefined;
  /** Set by the layer: what is remembered after the last step, [B, 2 * units]. */
  after?: Tensor;
}

/** All start as U(-b, b) with b = 1 / sqrt(units), PyTorch's default of `nn.LSTM`. */
export function lstmParameters(name: string, inputs: number, units: number): ParameterSpec[] {
  return [
    { name: `${name}.weight_ih_l0`, shape: [4 * units, inputs], fanIn: units },
    { name: `${name}.weight_hh_l0`, shape: [4 * units, units], fanIn: units },
    { name: `${name}.bias_ih_l0`, shape: [4 * units], fanIn: units },
    { name: `${name}.bias_hh_l0`, shape: [4 * units], fanIn: units },
  ];
}

/** A layer that remembers, as a head takes it: pages whose networks have none load none. */
export interface RecurrentLayer {
  readonly units: number;
  /** Numbers that it remembers of one sequence. */
  readonly stateSize: number;
  /** In the order that `build` takes them; always the same number. */
  parameters(name: string, inputs: number): ParameterSpec[];
  /** @param x [B * T, inputs] @param recurrence its `after` is set. @returns [B * T, units] */
  build(x: Tensor, params: readonly Tensor[], recurrence: Recurrence): Tensor;
}

export const lstmLayer = (units: number): RecurrentLayer => ({
  units,
  stateSize: 2 * units,
  parameters: (name, inputs) => lstmParameters(name, inputs, units),
  build: lstm,
});

/**
 * Runs the layer over sequences.
 * @param x [B * T, inputs]
 * @param params as `lstmParameters` lists them.
 * @param recurrence its `after` is set.
 * @returns h of every step, [B * T, units].
 * @throws ShapeError when rows, steps and state do not fit each other.
 */
export function lstm(x: Tensor, params: readonly Tensor[], recurrence: Recurrence): Tensor {
  const [inputWeight, hiddenWeight, inputBias, hiddenBias] = params;
  const units = hiddenWeight.shape[1];
  const { steps, state, starts } = recurrence;
  const [rows, ...others] = state.shape;
  if (!sameShape(others, [2 * units]) || x.shape[0] !== rows * steps) {
    throw new ShapeError(`lstm: ${describe(x)} and state ${describe(state)} are not ${steps} steps of ${units} units.`);
  }
  if (starts !== undefined && !sameShape(starts.shape, [rows, steps])) {
    throw new ShapeError(`lstm: starts ${describe(starts)} do not fit [${rows}, ${steps}].`);
  }
  const projected = linear(x, inputWeight, add(inputBias, hiddenBias));
  const keep = starts === undefined ? undefined : sub(1, starts);
  const cells: Cell[] = [];
  let h = slice(state, 1, 0, units);
  let c = slice(state, 1, units, 2 * units);
  const [h0, c0] = [h, c];
  for (let t = 0; t < steps; t++) {
    const kept = keep && slice(keep, 1, t, t + 1);
    const cell = step(stepOf(projected, steps, t), hiddenWeight, kept ? mul(h, kept) : h, kept ? mul(c, kept) : c);
    cells.push({ ...cell, kept });
    h = cell.h;
    c = cell.c;
  }
  recurrence.after = concat([h, c], 1);
  const y = stepsJoined(cells.map((cell) => cell.h));
  const sources = [projected, hiddenWeight, h0, c0];
  return withGradient(y, sources, (dy) => backwards(dy, cells, hiddenWeight), 'lstm');
}

/** One step, and what its gradient needs of it. */
interface Cell {
  /** After the step, [B, units]. */
  readonly h: Tensor;
  readonly c: Tensor;
  /** Before the step, emptied where an episode begins. */
  readonly previousH: Tensor;
  readonly previousC: Tensor;
  readonly gates: readonly [i: Tensor, f: Tensor, g: Tensor, o: Tensor];
  readonly tanhC: Tensor;
  /** [B, 1], 0 where an episode begins with the step; undefined where none may. */
  readonly kept?: Tensor | undefined;
}

/** @param projected W_ih x + b_ih + b_hh, [B, 4 * units]. */
function step(projected: Tensor, hiddenWeight: Tensor, previousH: Tensor, previousC: Tensor): Cell {
  const units = hiddenWeight.shape[1];
  const sums = add(projected, linear(previousH, hiddenWeight));
  const part = (n: number) => slice(sums, 1, n * units, (n + 1) * units);
  const gates = [sigmoid(part(0)), sigmoid(part(1)), tanh(part(2)), sigmoid(part(3))] as const;
  const [i, f, g, o] = gates;
  const c = add(mul(f, previousC), mul(i, g));
  const tanhC = tanh(c);
  return { h: mul(o, tanhC), c, previousH, previousC, gates, tanhC };
}

/** Backwards through time: gradients in the projected inputs, the hidden weight and the state before the first step. */
function backwards(dy: Tensor, cells: readonly Cell[], hiddenWeight: Tensor): Tensor[] {
  const sums: Tensor[] = [];
  /** What later steps say of h and c after the step. */
  let [laterH, laterC]: (Tensor | undefined)[] = [];
  for (let t = cells.length - 1; t >= 0; t--) {
    const { gates, tanhC, previousC, kept } = cells[t];
    const [i, f, g, o] = gates;
    const own = stepOf(dy, cells.length, t);
    const dh = laterH === undefined ? own : add(own, laterH);
    const through = mul(mul(dh, o), slopeOfTanh(tanhC));
    const dc = laterC === undefined ? through : add(through, laterC);
    const dSums = concat(
      [
        mul(mul(dc, g), slopeOfSigmoid(i)),
        mul(mul(dc, previousC), slopeOfSigmoid(f)),
        mul(mul(dc, i), slopeOfTanh(g)),
        mul(mul(dh, tanhC), slopeOfSigmoid(o)),
      ],
      1,
    );
    sums.unshift(dSums);
    const dPreviousH = matMul(dSums, hiddenWeight);
    const dPreviousC = mul(dc, f);
    laterH = kept === undefined ? dPreviousH : mul(dPreviousH, kept);
    laterC = kept === undefined ? dPreviousC : mul(dPreviousC, kept);
  }
  const dProjected = stepsJoined(sums);
  const before = stepsJoined(cells.map(({ previousH }) => previousH));
  return [dProjected, matMul(dProjected, before, { transposeA: true }), laterH!, laterC!];
}

const slopeOfSigmoid = (y: Tensor): Tensor => mul(y, sub(1, y));
const slopeOfTanh = (y: Tensor): Tensor => sub(1, mul(y, y));

/** Rows [B * T, n] of one step of sequences, [B, n]. */
function stepOf(rows: Tensor, steps: number, t: number): Tensor {
  const [all, n] = rows.shape;
  const batch = all / steps;
  return steps === 1 ? rows : reshape(slice(reshape(rows, [batch, steps, n]), 1, t, t + 1), [batch, n]);
}

/** Steps of sequences, [B, n] each, as rows [B * T, n]. */
function stepsJoined(steps: readonly Tensor[]): Tensor {
  const [batch, n] = steps[0].shape;
  const joined = concat(
    steps.map((step) => reshape(step, [batch, 1, n])),
    1,
  );
  return reshape(joined, [batch * steps.length, n]);
}

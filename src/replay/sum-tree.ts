import { OptionError } from '../core/errors.ts';
import { isIndex } from '../core/is-index.ts';
import { checkSize } from '../core/shape.ts';

/**
 * A binary tree whose leaves are non-negative numbers and whose inner nodes are the sums of their children: changing a
 * leaf and finding the leaf at a point of the cumulated sum take log2(n) steps (Schaul et al. 2016, Appendix B.2.1).
 *
 *          10            node 1
 *        /    \
 *       4      6         nodes 2, 3
 *      / \    / \
 *     3   1  2   4       nodes 4 to 7: the leaves, [0, 3) [3, 4) [4, 6) [6, 10)
 *
 * Sums are always added anew from the leaves, so the same leaves give the same bits whatever came before.
 */
export class SumTree {
  /** Number of leaves. */
  readonly length: number;
  private readonly firstLeaf: number;
  private readonly nodes: Float64Array;

  /** @throws OptionError unless the number of leaves is an integer from 0 to 2^30. */
  constructor(length: number) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw new OptionError('SumTree length', length, 'an integer from 0 up');
    checkSize('SumTree length', [length]);
    this.length = length;
    this.firstLeaf = 2 ** Math.ceil(Math.log2(Math.max(length, 1)));
    this.nodes = new Float64Array(2 * this.firstLeaf);
  }

  /** Sum of all leaves. */
  get total(): number {
    return this.nodes[1];
  }

  get(leaf: number): number {
    return this.nodes[this.firstLeaf + leaf];
  }

  /** @throws OptionError for a leaf that is not there, and a value that no sum can hold. */
  set(leaf: number, value: number): void {
    if (!isIndex(leaf, this.length)) {
      throw new OptionError('SumTree leaf', leaf, `an integer from 0 to ${this.length - 1}`);
    }
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new OptionError('SumTree value', value, 'a finite number, at least 0');
    }
    const nodes = this.nodes;
    let node = this.firstLeaf + leaf;
    nodes[node] = value;
    for (node >>>= 1; node >= 1; node >>>= 1) nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
  }

  /**
   * The leaf whose share of [0, total) holds `mass`. Never a leaf of value 0 while the total is above 0, even where rounding
   * carries the mass beyond the last one.
   */
  find(mass: number): number {
    const nodes = this.nodes;
    let node = 1;
    let left = mass;
    while (node < this.firstLeaf) {
      node *= 2;
      const sum = nodes[node];
      if (left >= sum && nodes[node + 1] > 0) {
        left -= sum;
        node++;
      }
    }
    return node - this.firstLeaf;
  }

  /** A copy of the leaves. */
  leaves(): Float64Array<ArrayBuffer> {
    return this.nodes.slice(this.firstLeaf, this.firstLeaf + this.length);
  }

  /** Replaces all leaves. */
  setLeaves(values: Float64Array): void {
    const nodes = this.nodes;
    nodes.set(values, this.firstLeaf);
    for (let node = this.firstLeaf - 1; node >= 1; node--) nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
  }
}

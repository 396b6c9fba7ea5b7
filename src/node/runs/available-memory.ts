import { totalmem } from 'node:os';

/** What the system says of a process's memory; a test gives its own. */
export interface MemoryFacts {
  /** Bytes of the machine. */
  readonly total: number;
  /** Bytes that the process's container may take; undefined, 0 or more than there is without a limit. */
  readonly constrained: number | undefined;
}

const facts = (): MemoryFacts => ({ total: totalmem(), constrained: process.constrainedMemory?.() });

/** Bytes of memory that this process may take: the machine's, or its container's where that has less. */
export function availableMemory({ total, constrained }: MemoryFacts = facts()): number {
  return constrained === undefined || constrained <= 0 ? total : Math.min(total, constrained);
}

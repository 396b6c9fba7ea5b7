/** One end of a line to a thread; a platform supplies it (a `Worker`, a `MessagePort`). */
export interface VectorPort {
  postMessage(message: unknown): void;
  /** Called once, before anything is posted. */
  onMessage(handler: (message: unknown) => void): void;
  /** Called once; the handler learns why the thread ended by itself. */
  onEnd?(handler: (reason: Error) => void): void;
  /** Ends the thread. */
  end?(): void;
}

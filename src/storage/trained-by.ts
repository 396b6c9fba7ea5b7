/** What a model was trained by: JSON of the property `trained` of an ONNX model, or the entry `trained` of a table. Models that
 * come with the package have it. */
export interface TrainedBy {
  readonly recipe: string;
  readonly env: string;
  readonly seed: number;
  /** The command line that trains it. */
  readonly command: string;
  /** Version of this package. */
  readonly version: string;
  /** Units of training after which it was the best. */
  readonly steps: number;
  /** Undiscounted return of whole episodes. */
  readonly score: {
    readonly mean: number;
    readonly std: number;
    readonly episodes: number;
    /** Probability of a random action. */
    readonly epsilon: number;
    /** Of the environment and of the random actions. */
    readonly seed: number;
  };
}

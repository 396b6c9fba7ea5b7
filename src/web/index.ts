export type {
  OrtWeb,
  OrtWebOptions,
  OrtWebRunnerOptions,
  OrtWebSession,
  OrtWebSessionOptions,
  OrtWebTensor,
  OrtWebTensorConstructor,
} from './runtime/ort-web-runner.ts';
export { createOrtWebRunner, ortWebRunnerFactory } from './runtime/ort-web-runner.ts';

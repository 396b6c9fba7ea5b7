/**
 * The L2 norm of a whole gradient. Sums in double precision, in four interleaved parts: a fixed order, so the same bits
 * every time.
 */
export function gradientNorm(grads: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = grads.length - (grads.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += grads[i] * grads[i];
    b += grads[i + 1] * grads[i + 1];
    c += grads[i + 2] * grads[i + 2];
    d += grads[i + 3] * grads[i + 3];
  }
  for (let i = whole; i < grads.length; i++) a += grads[i] * grads[i];
  return Math.sqrt(a + b + (c + d));
}

/**
 * Scales a gradient down to an L2 norm of `maxNorm`, in place; a shorter one is left alone
 * (Pascanu et al. 2013, Algorithm 1; as `torch.nn.utils.clip_grad_norm_`, with its 1e-6 in the divisor).
 * @returns the norm before.
 */
export function clipGradientNorm(grads: Float32Array, maxNorm: number): number {
  const norm = gradientNorm(grads);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < grads.length; i++) grads[i] *= scale;
  return norm;
}

/**
 * onnxruntime-node 1.30 sends reports of its sessions to its makers, and leaves a file `mat-debug-N.log` in the folder for temporary
 * files for each process, unless a variable says no. It reads the variable in the process, not in a thread's copy of
 * `process.env`: so this has to come from the main thread, before the first session of any. Who has set the variable is left alone.
 */
export function switchOffTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}

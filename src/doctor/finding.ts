/** What one check found. `cure` says what to do when it is not ok. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly cure?: string;
}

export const good = (check: string, detail: string): Finding => ({ check, ok: true, detail });
export const bad = (check: string, detail: string, cure: string): Finding => ({ check, ok: false, detail, cure });

/** What runs a page, for people, as `runtime` of a `config.json`: `Firefox 153`. @param agent `navigator.userAgent`. */
export function browserName(agent: string): string {
  // Chromium names Safari too, and Edge names Chrome.
  for (const [pattern, name] of [
    [/\bEdg\/(\d+)/, 'Edge'],
    [/\bFirefox\/(\d+)/, 'Firefox'],
    [/\b(?:Headless)?Chrome\/(\d+)/, 'Chromium'],
    [/\bVersion\/(\d+)[\d.]* .*Safari\//, 'Safari'],
    [/^Node\.js\/(\d+)/, 'Node'],
  ] as const) {
    const version = pattern.exec(agent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return 'a browser';
}

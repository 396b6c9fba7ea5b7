/** What runs this program, for people: Bun and Deno give themselves out for a Node as well. */
export function runtimeName({
  versions,
}: {
  readonly versions: Readonly<Record<string, string | undefined>>;
} = process): string {
  const { bun, deno, node } = versions;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node ${node}` : `Deno ${deno}`;
}

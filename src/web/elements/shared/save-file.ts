/** Gives the reader a file to save. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The same of bytes. */
export const saveBytes = (name: string, content: Uint8Array): void =>
  saveFile(name, new Blob([content as Uint8Array<ArrayBuffer>]));

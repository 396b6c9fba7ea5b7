/** Files that are looked at in dropped folders, and folders within folders. */
const MOST_FILES = 2000;
const DEEPEST = 6;

/** A file with its path in the folder that was dropped; its name alone without one. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

/**
 * What was dropped on an element, files of folders too.
 * @param accept of a folder's files those whose names it takes.
 */
export async function droppedFiles(data: DataTransfer, accept: (name: string) => boolean): Promise<DroppedFile[]> {
  // Entries are there only until the event is over.
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry?.() ?? undefined);
  const files = Array.from(data.files);
  const found: DroppedFile[] = [];
  for (const [i, entry] of entries.entries()) {
    if (entry?.isDirectory) await collect(entry as FileSystemDirectoryEntry, DEEPEST, accept, found);
    else if (files[i] !== undefined) found.push({ file: files[i], path: files[i].name });
  }
  return found;
}

async function collect(
  folder: FileSystemDirectoryEntry,
  depth: number,
  accept: (name: string) => boolean,
  found: DroppedFile[],
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (found.length >= MOST_FILES) return;
      if (entry.isDirectory && depth > 0) await collect(entry as FileSystemDirectoryEntry, depth - 1, accept, found);
      else if (entry.isFile && accept(entry.name)) {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        found.push({ file, path: entry.fullPath.replace(/^\//, '') });
      }
    }
  }
}

import { html, type TemplateResult } from 'lit';
import { type CurveFile, curveFile, filesOfFolder } from './load-curves.ts';

/** Buttons that open files or a folder of them. @param kind class of the first one. */
export function fileButtons(kind: string, load: (files: readonly CurveFile[]) => void): TemplateResult {
  const open = (id: string) => (event: Event) =>
    ((event.target as HTMLElement).getRootNode() as ShadowRoot).querySelector<HTMLInputElement>(id)?.click();
  const chosen = (folder: boolean) => (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = Array.from(input.files ?? []);
    input.value = '';
    load(folder ? filesOfFolder(files) : files.map((file) => curveFile(file)));
  };
  return html`<button class=${kind} @click=${open('#files')}>Choose files</button>
    <button @click=${open('#folder')}>Choose a folder</button>
    <input id="files" type="file" multiple hidden aria-label="Files" @change=${chosen(false)} />
    <input id="folder" type="file" webkitdirectory hidden aria-label="Folder" @change=${chosen(true)} />`;
}

/** What stands where no curve is yet. */
export const emptyPlace = (load: (files: readonly CurveFile[]) => void): TemplateResult => html`<div class="empty">
  <p><strong>Drop learning curves here</strong></p>
  <p class="muted">
    <code>metrics.jsonl</code> of runs, folders of runs, comma-separated values or event files of TensorBoard. They stay in this
    page. Runs that differ in their seeds become one curve with a band.
  </p>
  <div class="toolbar">${fileButtons('primary', load)}</div>
</div>`;

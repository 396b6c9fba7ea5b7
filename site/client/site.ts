/** What every page of the site does: themes, the menu of narrow screens, the outline, the search, and pages without a network. */
import MiniSearch from 'minisearch';
import { SEARCH_OPTIONS } from './search-options.ts';

const script = document.querySelector<HTMLScriptElement>('script[data-root]')!;
/** The site's folder, from this page. */
const root = new URL(script.dataset['root'] || './', location.href);

setTheme();
setMenu();
setOutline();
setSearch();
setCopyButtons();
// A page of the development server should not come from yesterday.
if ('serviceWorker' in navigator && location.port !== '8080') {
  navigator.serviceWorker
    .register(new URL('sw.js', root))
    .catch((error: unknown) => console.info('No pages offline:', error));
}

function setTheme(): void {
  const button = document.querySelector<HTMLButtonElement>('.theme-button')!;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean =>
    (document.documentElement.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => {
    button.setAttribute('aria-pressed', String(isDark()));
    for (const element of document.querySelectorAll('*')) {
      if (element.localName.startsWith('bellman-')) element.setAttribute('theme', isDark() ? 'dark' : 'light');
    }
  };
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = theme;
    show();
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // A browser that keeps nothing shows it on this page alone.
    }
  });
  system.addEventListener('change', show);
  show();
}

function setMenu(): void {
  const menu = document.querySelector('.menu');
  const button = document.querySelector<HTMLButtonElement>('.menu-button')!;
  if (menu === null) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const open = menu.classList.toggle('open');
    button.setAttribute('aria-expanded', String(open));
  });
}

function setOutline(): void {
  const outline = document.querySelector('.outline');
  const headings = [...document.querySelectorAll<HTMLElement>('main :is(h2, h3)[id]')];
  if (outline === null || headings.length < 2) return;
  const title = document.createElement('p');
  title.textContent = 'On this page';
  const list = document.createElement('ul');
  const links = new Map<Element, HTMLAnchorElement>();
  for (const heading of headings) {
    const link = document.createElement('a');
    link.href = `#${heading.id}`;
    link.textContent = heading.textContent;
    links.set(heading, link);
    const item = document.createElement('li');
    item.className = heading.localName;
    item.append(link);
    list.append(item);
  }
  outline.append(title, list);
  const seen = new IntersectionObserver(
    (entries) => {
      const top = entries.find(({ isIntersecting }) => isIntersecting);
      if (top === undefined) return;
      for (const [heading, link] of links) link.toggleAttribute('aria-current', heading === top.target);
    },
    { rootMargin: '-80px 0px -70% 0px' },
  );
  for (const heading of headings) seen.observe(heading);
}

function setCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('main pre')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(block.querySelector('code')?.innerText ?? '');
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    });
    block.tabIndex = 0;
    const frame = document.createElement('div');
    frame.className = 'code';
    block.replaceWith(frame);
    frame.append(block, button);
  }
}

function setSearch(): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'search';
  dialog.setAttribute('aria-label', 'Search');
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'Search these pages';
  input.setAttribute('aria-label', 'Search these pages');
  const results = document.createElement('ol');
  const told = document.createElement('p');
  told.setAttribute('role', 'status');
  dialog.append(input, told, results);
  document.body.append(dialog);

  let index: Promise<MiniSearch> | undefined;
  const load = (): Promise<MiniSearch> => {
    index ??= fetch(new URL('search.json', root))
      .then((answer) => answer.text())
      .then((text) => MiniSearch.loadJSON(text, SEARCH_OPTIONS));
    return index;
  };
  const search = async (): Promise<void> => {
    const words = input.value.trim();
    const found = words === '' ? [] : (await load()).search(words).slice(0, 12);
    if (words !== input.value.trim()) return;
    told.textContent = words === '' ? '' : found.length === 0 ? 'Nothing found.' : '';
    results.replaceChildren(
      ...found.map((hit) => {
        const link = document.createElement('a');
        link.href = new URL(String(hit.id).replace(/#$/, ''), root).href;
        const heading = document.createElement('strong');
        heading.textContent = String(hit['heading']);
        const page = document.createElement('span');
        page.textContent = String(hit['page']);
        link.append(heading, page);
        const item = document.createElement('li');
        item.append(link);
        return item;
      }),
    );
  };
  input.addEventListener(
    'input',
    () =>
      void search().catch((error: unknown) => {
        told.textContent = `The search does not load: ${String(error)}`;
      }),
  );
  dialog.addEventListener('keydown', (event) => {
    const links = [...results.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === 'ArrowDown') (links[at + 1] ?? links[0])?.focus();
    else if (event.key === 'ArrowUp') (at <= 0 ? input : links[at - 1]!).focus();
    else if (event.key === 'Enter' && document.activeElement === input) links[0]?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  const open = (): void => {
    dialog.showModal();
    void load();
  };
  document.querySelector('.search-button')!.addEventListener('click', open);
  document.addEventListener('keydown', (event) => {
    const typing = event.composedPath()[0];
    if (typing instanceof HTMLElement && (typing.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(typing.tagName)))
      return;
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      open();
    }
  });
}

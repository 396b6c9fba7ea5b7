/** What pages of docs become more than GitHub makes of them: links to pages, anchors, coloured code, pictures that are alive. */
import { posix } from 'node:path';
import { fromHighlighter, type MarkdownItShikiSetupOptions } from '@shikijs/markdown-it/core';
import { createHighlighter, type Highlighter } from 'shiki';
import { pageUrl } from './contents.ts';
import { slug } from './slug.ts';

/** What is used of markdown-it, which Eleventy brings. */
interface Token {
  type: string;
  tag: string;
  content: string;
  children: Token[] | null;
  map: [number, number] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}
interface MarkdownIt {
  use(plugin: (md: never) => void): MarkdownIt;
  enable(rule: string): MarkdownIt;
  core: { ruler: { push(name: string, rule: (state: { tokens: Token[]; env: MarkdownEnv }) => void): void } };
  renderer: { rules: Record<string, ((tokens: Token[], index: number) => string) | undefined> };
}
/** Eleventy hands a template's data over. */
interface MarkdownEnv {
  readonly page?: { readonly inputPath: string };
}

const LANGUAGES = ['sh', 'ts', 'js', 'python', 'html', 'json'];

/** An element that takes the place of the picture above it: `<!-- live <bellman-lake size="4"></bellman-lake> -->`. GitHub shows the picture alone. */
const LIVE = /^<!--\s*live\s+(<(bellman-[a-z]+)\b[\s\S]*<\/\2>)\s*-->\s*$/;

/** Colours code. */
export const loadHighlighter = (): Promise<Highlighter> =>
  createHighlighter({ themes: ['github-light', 'github-dark'], langs: LANGUAGES });

/** @param repository address of the sources, for links that leave docs. */
export function setMarkdown(md: MarkdownIt, highlighter: Highlighter, docs: string, repository: string): void {
  const options: MarkdownItShikiSetupOptions = {
    themes: { light: 'github-light', dark: 'github-dark' },
    defaultColor: false,
  };
  // Eleventy takes indented lines for text; GitHub, where docs are read too, for code.
  md.enable('code');
  md.use(fromHighlighter(highlighter as never, options) as never);
  md.core.ruler.push('anchors', ({ tokens }) => setAnchors(tokens));
  md.core.ruler.push('links', ({ tokens, env }) => {
    const source = posix.relative(docs, posix.resolve(env.page?.inputPath ?? docs));
    for (const token of tokens) {
      for (const child of token.children ?? []) {
        const href = child.type === 'link_open' ? child.attrGet('href') : null;
        if (href !== null) child.attrSet('href', pageLink(href, source, repository));
      }
    }
  });
  md.core.ruler.push('live', ({ tokens }) => setLive(tokens));
  md.renderer.rules['table_open'] = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>';
  md.renderer.rules['table_close'] = () => '</table></div>';
}

/** GitHub's anchors. */
function setAnchors(tokens: readonly Token[]): void {
  const used = new Map<string, number>();
  tokens.forEach((token, n) => {
    if (token.type !== 'heading_open') return;
    const anchor = slug(plainText(tokens[n + 1]!));
    const times = used.get(anchor) ?? 0;
    used.set(anchor, times + 1);
    token.attrSet('id', times === 0 ? anchor : `${anchor}-${times}`);
  });
}

function plainText(inline: Token): string {
  return (inline.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
}

/** Where a link of a page leads on the site. @param source the page, below docs. */
export function pageLink(href: string, source: string, repository: string): string {
  if (/^([a-z]+:|#)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(source), path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (target.startsWith('..')) return `${repository}/blob/main/${target.replace(/^(\.\.\/)+/, '')}${hash}`;
  if (!target.endsWith('.md')) return href;
  return posix.relative(posix.dirname(pageUrl(source)), pageUrl(target)) + hash;
}

/** The element, with the picture in it until it is there. */
function setLive(tokens: Token[]): void {
  tokens.forEach((token, n) => {
    const live = token.type === 'html_block' ? LIVE.exec(token.content.trim()) : null;
    if (live === null) return;
    token.content = `<div class="live">${live[1]}</div>\n`;
    const picture = tokens[n - 2];
    const alone = picture?.type === 'inline' && picture.children?.length === 1 && picture.children[0]!.type === 'image';
    if (alone) tokens[n - 3]!.attrSet('class', 'stands-in');
  });
}

/** Names of the elements that a page's HTML uses. */
export function elementsIn(html: string): readonly string[] {
  return [...new Set(Array.from(html.matchAll(/<(bellman-[a-z]+)\b/g), ([, name]) => name!))].sort();
}

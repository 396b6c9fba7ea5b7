import { Directive, directive, type ElementPart } from 'lit/directive.js';

/** Gives an element the colour of its curve, by script: a style in the text of a page is not allowed there. */
class Colouring extends Directive {
  override render(_colour: string): void {}

  override update(part: ElementPart, [colour]: [string]): void {
    const element = part.element as HTMLElement;
    if (colour === '') element.style.removeProperty('--series');
    else element.style.setProperty('--series', colour);
  }
}

export const colouring = directive(Colouring);

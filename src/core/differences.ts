import { isObject } from './is-object.ts';

/** What differs between two values as JSON has them, in words such as `evaluation.episodes 30, now 10`. @param place in front of the keys. */
export function differencesOf(before: unknown, now: unknown, place = ''): string[] {
  if (isObject(before) && isObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differencesOf(before[key], now[key], place === '' ? key : `${place}.${key}`));
  }
  const [was, is] = [before, now].map((value) => (value === undefined ? 'none' : JSON.stringify(value)));
  return was === is ? [] : [`${place} ${was}, now ${is}`];
}

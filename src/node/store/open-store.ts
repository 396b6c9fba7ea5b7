import { join, resolve } from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { dataFolder } from '../files/data-folder.ts';
import { kindOf } from '../files/folder.ts';
import { FolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { S3Store } from './s3-store.ts';

/**
 * The store of `--store`: a folder, or `s3://bucket/prefix`.
 * @param text undefined for a folder among this user's data, which all workers of one machine share.
 * @throws OptionError when it is neither.
 */
export async function openStore(text: string | undefined): Promise<ObjectStore> {
  if (text === undefined) return new FolderStore(join(dataFolder(), 'store'));
  if (text.startsWith('s3:')) return S3Store.open(text);
  if (text === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(text) || kindOf(text) === 'file') {
    throw new OptionError('--store', text, 'a folder, or s3://bucket/prefix');
  }
  return new FolderStore(resolve(text));
}

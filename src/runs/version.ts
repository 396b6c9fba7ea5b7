/** Version of this package, as its package.json says: a page cannot read that. */
export const VERSION = '0.2.0-dev';

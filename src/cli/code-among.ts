/** The first of some values, as settings have them, that names code: a module by its path or package, an environment in Python. */
export const codeAmong = (values: readonly unknown[]): string | undefined =>
  values.filter((value) => typeof value === 'string').find((name) => /^\.{0,2}\/.*:|^[a-z]+:|\.m?[jt]s\b/i.test(name));

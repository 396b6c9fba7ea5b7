/** What a suite's folder was begun with; tells such a folder from others. */
export const SUITE_FILE = 'suite.json';

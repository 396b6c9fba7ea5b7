/** What is used of Eleventy, which comes without types. */
declare module '@11ty/eleventy' {
  export interface EleventyConfig {
    amendLibrary(name: 'md', change: (md: never) => void): void;
    addGlobalData(name: string, value: unknown): void;
    addTemplate(path: string, content: string, data: Readonly<Record<string, unknown>>): void;
    addTransform(name: string, change: (html: string) => string): void;
    setIncludesDirectory(folder: string): void;
    setTemplateFormats(endings: readonly string[]): void;
    setUseGitIgnore(use: boolean): void;
    setQuietMode(quiet: boolean): void;
    ignores: { add(pattern: string): void };
  }

  export default class Eleventy {
    constructor(
      input: string,
      output: string,
      options: { quietMode: boolean; configPath: null; config: (config: EleventyConfig) => void },
    );
    write(): Promise<void>;
    watch(): Promise<void>;
    serve(port: number): Promise<void>;
  }
}

/**
 * Where the package's copy of onnxruntime-web lies, which scripts/build.ts puts next to the elements. Bundlers find the three files
 * by these addresses and take them along; scripts/build-elements.ts puts another module in this one's place.
 */
export function ortFolder(): string {
  return new URL('../../elements/ort/', import.meta.url).href;
}

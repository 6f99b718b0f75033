/** A program of its own that is bundled beside the others, or run from its sources. */
export function childProgram(name: 'deviceTrial' | 'memoryTrial'): URL {
  // Run from its sources or from the bundle, it lies beside this file.
  return new URL(import.meta.url.endsWith('.ts') ? `${name}Process.ts` : `${name}.mjs`, import.meta.url);
}

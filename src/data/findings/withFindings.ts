import type { Source, UnfittedSource } from '../source.ts';
import type { Finding } from './finding.ts';

/** A source with findings before its own. */
export function withFindings(source: UnfittedSource, findings: readonly Finding[]): UnfittedSource;
export function withFindings(source: Source | UnfittedSource, findings: readonly Finding[]): Source | UnfittedSource;
export function withFindings(source: Source | UnfittedSource, findings: readonly Finding[]): Source | UnfittedSource {
  const add = (fitted: Source): Source => ({ ...fitted, findings: [...findings, ...(fitted.findings ?? [])] });
  if (findings.length === 0) return source;
  return 'fit' in source ? { ...source, fit: async (rows) => add(await source.fit(rows)) } : add(source);
}

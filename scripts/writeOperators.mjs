// Writes the lists of operators in docs/operators.md, of the registries: npm run generate:operators; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { gradientRules } from '../src/autodiff/registry.ts';
import { shapedOperators } from '../src/onnx/shapes/infer.ts';
import { composedOperators } from '../src/onnx/upgrade/upgrade.ts';

const path = new URL('../docs/operators.md', import.meta.url);
const [begin, end] = ['<!-- operators: written by `npm run generate:operators` -->', '<!-- /operators -->'];
const trained = new Set([...gradientRules.keys(), ...composedOperators]);
const lists = [
  ['Trained, each by its own rule', [...gradientRules.keys()]],
  ['Read as simpler operators, and trained as these', composedOperators],
  ['Passed through: no gradient goes through them', shapedOperators.filter((key) => !trained.has(key))],
];
const text = lists.map(([title, keys]) => `**${title}** (${keys.length}): ${keys.toSorted().join(', ')}.`).join('\n\n');
const stored = readFileSync(path, 'utf8');
const [before, rest = ''] = stored.split(begin);
const written = `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1] ?? ''}`;
if (!process.argv.includes('--check')) writeFileSync(path, written);
else if (written !== stored) {
  console.error('docs/operators.md is not what the registries say: run `npm run generate:operators`.');
  process.exitCode = 1;
}

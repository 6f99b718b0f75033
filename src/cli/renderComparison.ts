import type { ModelComparison } from '../protocol/modelView.ts';
import { formatInteger } from '../report/format.ts';
import { renderTable } from './renderTable.ts';
import { painted, type Output } from './terminal.ts';

/** What differs between two models, for the terminal. */
export function renderComparison(comparison: ModelComparison, output: Output): string {
  const { before, after, facts, nodes, tensors, sameTensors } = comparison;
  const title = painted(output, 'bold', `${before.path} → ${after.path}`);
  if (facts.length + nodes.length + tensors.length === 0) {
    return `${title}\nThe two models are the same: all ${formatInteger(sameTensors)} tensors are equal.\n`;
  }
  const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))));
  const parts = [
    `${title}\n${formatInteger(facts.length)} facts, ${formatInteger(nodes.length)} nodes and ${formatInteger(tensors.length)} tensors differ; ` +
      `${formatInteger(sameTensors)} tensors are equal.\n`,
  ];
  if (facts.length > 0) {
    const rows = facts.map((fact) => [fact.name, fact.before ?? '–', fact.after ?? '–']);
    parts.push(renderTable(['Fact', 'Before', 'After'], rows, output, 3));
  }
  if (nodes.length > 0) {
    const rows = nodes.map((change) => {
      const node = change.kind === 'removed' ? change.before : change.after;
      const what = change.kind === 'changed' ? change.what.join('; ') : '';
      return [node.name || (node.outputs[0]?.name ?? ''), node.operator, change.kind, what];
    });
    parts.push(renderTable(['Node', 'Operator', 'Change', 'What'], rows, output, 4));
  }
  if (tensors.length > 0) {
    const rows = tensors.map(({ name, kind, before: from, after: to, norm, relativeNorm, largest }) => [
      name,
      kind,
      from === to ? (to ?? '') : `${from ?? '–'} → ${to ?? '–'}`,
      figure(norm),
      figure(relativeNorm),
      figure(largest),
    ]);
    parts.push(renderTable(['Tensor', 'Change', 'Type', 'Norm', 'Relative', 'Largest'], rows, output, 3));
  }
  return parts.join('\n');
}

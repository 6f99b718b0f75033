import { applyEdits, modify } from 'jsonc-parser';
import { valueOf } from '../../experiment/incompleteText.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';

/**
 * The text of an experiment file after `draft` is written into it: parts that did not change keep their layout and
 * comments.
 */
export function updateExperimentText(text: string, draft: ExperimentDraft): string {
  const before = valueOf(text);
  if (typeof before !== 'object' || before === null || Array.isArray(before)) {
    return `${JSON.stringify(draft, null, 2)}\n`;
  }
  const written = new Map<string, unknown>(Object.entries(before));
  const keys = new Set([...written.keys(), ...Object.keys(draft)]);
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  let updated = text;
  for (const key of keys) {
    if (JSON.stringify(written.get(key)) === JSON.stringify(draft[key])) continue;
    updated = applyEdits(updated, modify(updated, [key], draft[key], { formattingOptions }));
  }
  return updated;
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { agentLabels } from '../../../src/agents/agentTexts.ts';
import { experimentJsonSchema } from '../../../src/experiment/jsonSchema.ts';
import { foundSentences } from '../../../src/report/wording/foundSentences.ts';
import { reportLabels } from '../../../src/report/wording/reportLabels.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

function readJson(path: string): Record<string, string> {
  return JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')) as Record<string, string>;
}

/** Texts that code asks to be translated: literals given to `t` and its like. */
function textsInCode(): string[] {
  const ofHost = ['src/comparison/', 'src/extension/', 'src/rendering/', 'src/search/page/', 'webview/'].flatMap(
    (folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}${file}`),
  );
  // What is wrong with a file, and the comments in new ones; the terminal has them in English.
  const ofExperiments = ['explainIssues', 'problemWording', 'templates'].map((name) => `src/experiment/${name}.ts`);
  return [...ofHost, ...ofExperiments, 'src/report/rowLabel.ts'].flatMap((file) => {
    const code = readFileSync(`${ROOT}${file}`, 'utf8');
    const calls = code.matchAll(/\b(?:l10n\.t|translate|t)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
    return [...calls].map((call) => (call[1] ?? call[2] ?? '').replaceAll("\\'", "'"));
  });
}

/** What the schema says of its fields, which is the help of the form. */
function descriptions(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'description' && typeof value === 'string' ? [value] : descriptions(value),
  );
}

function placeholders(text: string): string {
  return [...text.matchAll(/\{\d+\}/g)].map(String).sort().join();
}

describe('the translation to Simplified Chinese', () => {
  const bundle = readJson('l10n/bundle.l10n.zh-cn.json');

  it('has every text of the code and every description of the schema, and nothing else', () => {
    const wanted = [
      ...textsInCode(),
      ...reportLabels,
      ...foundSentences,
      ...agentLabels,
      ...descriptions(experimentJsonSchema()),
    ];
    assert.ok(wanted.length > 100, 'texts are found');
    assert.deepEqual(Object.keys(bundle).sort(), [...new Set(wanted)].sort());
  });

  it('keeps the placeholders', () => {
    for (const [english, chinese] of Object.entries(bundle)) {
      assert.equal(placeholders(chinese), placeholders(english), english);
    }
  });

  it('has every text of package.json', () => {
    const english = readJson('package.nls.json');
    assert.deepEqual(Object.keys(readJson('package.nls.zh-cn.json')), Object.keys(english));
    const used = readFileSync(`${ROOT}package.json`, 'utf8').matchAll(/"%([\w.]+)%"/g);
    assert.deepEqual([...new Set([...used].map((match) => match[1]))].sort(), Object.keys(english).sort());
  });
});

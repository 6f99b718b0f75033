import { reportLabels } from './reportLabels.ts';
import { dataSentences } from './sentences/ofData.ts';
import { networkSentences } from './sentences/ofNetworks.ts';
import { runSentences } from './sentences/ofRuns.ts';
import { refusedData } from './sentences/refusedData.ts';
import { refusedExperiments } from './sentences/refusedExperiments.ts';
import { refusedGraphs } from './sentences/refusedGraphs.ts';
import { refusedInEditor } from './sentences/refusedInEditor.ts';
import { refusedModels } from './sentences/refusedModels.ts';
import { refusedReasons } from './sentences/refusedReasons.ts';
import { refusedRuns } from './sentences/refusedRuns.ts';
import { refusedTables } from './sentences/refusedTables.ts';

/**
 * What a run, and the process that opens models and data, says of them and refuses of them, in English; {0}, {1}… stand for values, which may be phrases of this
 * list. Each language has a translation of each (l10n/), by the English text. The terminal says them as they are.
 */
export const foundSentences: readonly string[] = [
  ...runSentences,
  ...networkSentences,
  ...dataSentences,
  ...refusedExperiments,
  ...refusedModels,
  ...refusedData,
  ...refusedTables,
  ...refusedGraphs,
  ...refusedReasons,
  ...refusedRuns,
  ...refusedInEditor,
];

/** Whole sentences of the report are said while a run goes on, too. */
const reported = reportLabels.filter((label) => label.endsWith('.') && wordsOf(label).split(' ').length > 5);

const patterns = [...foundSentences, ...reported]
  .map((template) => ({ template, pattern: patternOf(template), part: longestPartOf(template) }))
  // The more is said by the template itself, the surer it is the one that is meant.
  .toSorted((one, other) => wordsOf(other.template).length - wordsOf(one.template).length);

/**
 * Sentences of that process in the person's language; what is not known stays as it is.
 * @param translate the English text with {0}, {1}… and the values for them
 */
export function translateFound(text: string, translate: (template: string, ...values: string[]) => string): string {
  for (const { template, pattern, part } of patterns) {
    // Much faster than the pattern, which looks for the ends of values everywhere in a long text.
    if (!text.includes(part)) continue;
    const found = pattern.exec(text);
    if (!found) continue;
    const values = [...template.matchAll(/\{(\d+)\}/g)].map((_, index) =>
      translateValue(found[index + 1] ?? '', translate),
    );
    const said = translate(template, ...values);
    const rest = text.slice(found[0].length);
    // Chinese sentences follow each other without a space.
    return rest === '' ? said : `${said}${said.endsWith('。') ? '' : ' '}${translateFound(rest, translate)}`;
  }
  return text;
}

/** A value may be a phrase, or a list of phrases. */
function translateValue(value: string, translate: (template: string, ...values: string[]) => string): string {
  const phrases = value.split('; ');
  const said = phrases.map((phrase) => translatePhrase(phrase, translate));
  const isList = phrases.length > 1 && said.every((phrase, index) => phrase !== phrases[index]);
  return isList ? said.join(translate('; ')) : translatePhrase(value, translate);
}

/** A sentence that ends another one begins with a small letter there. */
function translatePhrase(phrase: string, translate: (template: string, ...values: string[]) => string): string {
  const said = translateFound(phrase, translate);
  if (said !== phrase) return said;
  const capital = phrase.slice(0, 1).toUpperCase();
  const sentence = translateFound(`${capital}${phrase.slice(1)}`, translate);
  return sentence.startsWith(capital) ? `${phrase.slice(0, 1)}${sentence.slice(1)}` : sentence;
}

/** A sentence may be followed by another one; a phrase stands alone. */
function patternOf(template: string): RegExp {
  const words = template.split(/\{\d+\}/).map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const end = template.endsWith('.') ? '(?: (?=\\S)|$)' : '$';
  return new RegExp(`^${words.join('(.+?)')}${end}`, 's');
}

/** What stands between two values, or beside one, at its longest. */
function longestPartOf(template: string): string {
  const parts = template.split(/\{\d+\}/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function wordsOf(template: string): string {
  return template.replace(/\{\d+\}/g, '');
}

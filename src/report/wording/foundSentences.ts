/**
 * What the process that opens models and data says of them, in English; {0}, {1}… stand for values, which may be phrases of this list. Each
 * language has a translation of each (l10n/), by the English text. The terminal says them as they are.
 */
export const foundSentences = [
  'The teacher decides {0} of {1} validation samples rightly; its output {2} gives {3}.',
  'The teacher decides {0} of {1} validation texts, token by token, rightly; its output {2} gives {3}.',
  'The teacher decides {0} of {1} validation samples, label by label, rightly; its output {2} gives {3}.',
  "The teacher's mean squared error on {0} validation samples is {1} (output {2}).",
  "The teacher's R² on {0} validation samples is {1} (output {2}).",
  'The dataset has no labels, so how good the teacher is cannot be measured; its output is {0}.',
  "The teacher's classes are put in the dataset's order by name: {0}.",
  'The teacher decides {0} of {1} validation samples rightly as they are, and {2} with {3}; it gets them so.',
  "Name what it was trained with in its field normalization; for a table, dataset.scaling 'none' gives the student the same.",
  'The teacher decides only {0} of {1} validation samples rightly, which is no better than guessing.',
  'Check that it was trained for these classes, and what its fields normalization and classes should say.',
  'The teacher says the same of all {0} validation samples.',
  'Name its classes in its field classes.',
  'values of 0…1 that do not sum to 1 (sigmoids), so their log-odds are used as logits',
  'one value of 0…1 for two classes, taken for the probability of the second',
  'one number for two classes, taken for the logit of the second',
  'probabilities',
  'values of 0…1',
  'values of −1…1',
  'values of 0…255',
  'The column {0} of {1} is predicted, as {2}; dataset.target names another.',
  'its name says',
  'the others have texts',
  'they are 0 or 1 and stand behind a text',
  'it is the first and the only one that holds classes',
  'it is the last one',
  'it is the last one that may be a target',
  'The target {0} has {1} different whole numbers, {2} to {3}, in {4} rows; they are taken for classes, {5}.',
  'The target {0} has {1} different whole numbers, {2} to {3}, in {4} rows; they are taken for a quantity (regression), {5}.',
  'Set dataset.task to {0} if that is wrong, or to {1} if it is right.',
  'as the teacher has so many outputs',
  'as the teacher has one output',
  'as there are few',
  'as there are more than {0}',
  'as hardly one occurs twice',
  'as the name of the column says',
  'as they are stored as whole numbers and leave none out',
  'as its name does not say that they are classes',
  'The column {0} is left out: it {1}.',
  'is empty',
  'is {0} in every row',
  'only numbers the rows',
  'has {0} identifiers in {1} rows',
  'has {0} different words in {1} rows',
  "Give its kind in dataset.columns to use it all the same, or 'ignore' to say that this is right.",
  'The column {0} gives the target {1} away: {2}.',
  "If it is not known before the target is, set {0} to 'ignore'.",
  '{0} of {1} values of {2} are missing; {3}.',
  'the mean stands in for them',
  'the mean stands in for them, and a value of its own says where',
  'they are a category of their own',
  '{0} of {1} test samples are in the training split too.',
  'The test says less about new data; remove them, or keep them together with dataset.split.',
  'The classes are out of balance: {0} and {1} to train with.',
  'Accuracy alone tells little here; look at the rare classes too.',
  'The {0} split has no sample of {1}.',
  'Give samples of every class.',
  '{0} holds nothing but a folder: the data in {1} are used.',
  '{0} passed over: {1}.',
  'Of {0} images that were looked at, {1} {2}.',
  '{0} has series of one channel and {1} values, which are taken as they are; dataset.normalization scales them by channel.',
  '{0} has series of {1} channels and {2} values, which are taken as they are; dataset.normalization scales them by channel.',
  'How {0} was read: {1}.',
  'no line that names the columns, which are called {0}, {1} and so on',
  'Has kept outputs of the teacher for later runs ({0})',
  'The teacher takes samples of shape {0}, but those of the dataset have shape {1}.',
  'Choose the dataset that the teacher was trained on, or a teacher for this dataset.',
  'Trains on the CPU.',
  'Trains on the CPU ({0}).',
  'Trains on {0}.',
  'Trains on {0}, {1}× as fast as the CPU in a short trial.',
  'built-in digits',
  'folders of recordings',
  'image folders',
  'images',
  'text folders',
  'time series',
  'workbook',
  'classification',
  'multi-label',
  'token-classification',
  'regression',
  'reconstruction',
  'matching',
] as const;

const patterns = foundSentences
  .map((template) => ({ template, pattern: patternOf(template) }))
  // The more is said by the template itself, the surer it is the one that is meant.
  .toSorted((one, other) => wordsOf(other.template).length - wordsOf(one.template).length);

/**
 * Sentences of that process in the person's language; what is not known stays as it is.
 * @param translate the English text with {0}, {1}… and the values for them
 */
export function translateFound(text: string, translate: (template: string, ...values: string[]) => string): string {
  for (const { template, pattern } of patterns) {
    const found = pattern.exec(text);
    if (!found) continue;
    const values = [...template.matchAll(/\{(\d+)\}/g)].map((_, index) =>
      translateFound(found[index + 1] ?? '', translate),
    );
    const said = translate(template, ...values);
    const rest = text.slice(found[0].length);
    // Chinese sentences follow each other without a space.
    return rest === '' ? said : `${said}${said.endsWith('。') ? '' : ' '}${translateFound(rest, translate)}`;
  }
  return text;
}

/** A sentence may be followed by another one; a phrase stands alone. */
function patternOf(template: string): RegExp {
  const words = template.split(/\{\d+\}/).map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const end = template.endsWith('.') ? '(?: (?=\\S)|$)' : '$';
  return new RegExp(`^${words.join('(.+?)')}${end}`, 's');
}

function wordsOf(template: string): string {
  return template.replace(/\{\d+\}/g, '');
}

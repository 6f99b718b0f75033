/**
 * What columns that are predicted are called, the likeliest first. Of several the first counts: what became of somebody (`survived`) is predicted rather than what
 * they are (`class`).
 */
const USUAL_NAMES = ['label', 'labels', 'target', 'targets', 'survived', 'outcome', 'class', 'y', 'species', 'price'];
/** Names that say nothing but that they are the target. */
const CERTAIN_NAMES: ReadonlySet<string> = new Set(['label', 'labels', 'target', 'targets', 'class', 'y']);
/** Names of what data are mostly collected to foretell. */
const TELLING_NAMES = [
  ...[
    'target class',
    'target label',
    'target variable',
    'class type',
    'class name',
    'ziel',
    'zielvariable',
    'klasse',
    'clase',
  ],
  ...['classe', 'etiqueta', 'objetivo', '标签', '类别', '目标', 'ラベル'],
  ...['class label', 'true label', 'gold label', 'label id', 'ground truth', 'groundtruth', 'dependent variable'],
  ...['diagnosis', 'dx', 'finding labels', 'breed', 'churn', 'churned', 'exited', 'attrition', 'fraud', 'fraudulent'],
  ...['fraud flag', 'churn flag', 'default flag', 'fraud reported', 'hazardous', 'response', 'booking status'],
  ...['spam', 'defaulted', 'loan status', 'heart disease', 'heartdisease', 'stroke', 'cardio', 'variety', 'sentiment'],
  ...['emotion', 'intent', 'toxic', 'duplicate', 'canceled', 'cancelled', 'subscribed', 'purchased', 'converted'],
  ...['clicked', 'click', 'admitted', 'default payment next month', 'readmitted', 'approved', 'poisonous'],
  ...['saleprice', 'sale price', 'selling price', 'house price', 'house value', 'housing price', 'medv', 'charges'],
  ...['fare amount', 'trip duration', 'mpg', 'rings', 'quality', 'activity', 'rating', 'stars', 'cnt'],
];
/** Of a name of several words, such as `airline_sentiment` or `isFraud`, the last ones count; these only where they are the whole name. */
const WHOLE_NAMES: ReadonlySet<string> = new Set(['dx', 'quality', 'activity', 'rating', 'stars', 'click', 'response']);
/** Names of what is known beforehand, or only says which row it is. */
const KNOWN_BEFORE =
  /^(?:.*\b(?:date|time|timestamp|datetime|year|month|day|weekday|hour|minute|id|lat|lon|lng|latitude|longitude|zip|zipcode|timezone|url|comment|comments|notes?|remarks?)|(?:first|last|full|user|car)? ?name)$/;

/** A column's name in words: `medianHouseValue`, `median_house_value` and `Median house value` alike. */
function wordsOfName(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How surely a name says that its column is what is to be predicted: 0 the most, `undefined` not at all. */
export function targetRank(name: string): number | undefined {
  const usual = USUAL_NAMES.indexOf(name.toLowerCase());
  if (usual >= 0) return usual;
  const words = wordsOfName(name);
  const telling = TELLING_NAMES.findIndex(
    (known) => words === known || (!WHOLE_NAMES.has(known) && words.endsWith(` ${known}`)),
  );
  if (telling < 0) return undefined;
  // `fraud` before `flagged fraud`.
  const others = words
    .replace(TELLING_NAMES[telling] ?? '', '')
    .trim()
    .split(' ');
  const isPlain = others.every((word) => word === '' || word === 'is' || word === 'has');
  return USUAL_NAMES.length + 2 * telling + (isPlain ? 0 : 1);
}

/** Whether a name is one of those that targets are always called. */
export function isUsualTarget(name: string): boolean {
  return USUAL_NAMES.includes(name.toLowerCase());
}

/** Whether nothing but a target is called so. */
export function isCertainTarget(name: string): boolean {
  return CERTAIN_NAMES.has(name.toLowerCase());
}

/** Whether a name is one of dates, places, identifiers and remarks, which nobody predicts. */
export function isKnownBefore(name: string): boolean {
  return KNOWN_BEFORE.test(wordsOfName(name));
}

/** Whether a name is one of what texts say, such as their sentiment. */
export function isSaidOfTexts(name: string): boolean {
  return /(?:^| )(?:sentiment|emotion|intent|toxic|toxicity|spam|topic|sarcasm|sarcastic|duplicate)$/.test(
    wordsOfName(name),
  );
}

/** Words that name two classes of which a sample is one, in the order in which they are looked for. */
const OPPOSITES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:pos|positives?|positiv|good|likes?)$/, /^(?:neg|negatives?|negativ|bad|dislikes?|neu|neutral|mixed)$/],
  [
    /^(?:true|real|genuine|authentic|legit|legitimate|human)$/,
    /^(?:false|fake|forged|phishing|ai|gpt|machine|generated|fraud)$/,
  ],
  [/^(?:spam|junk)$/, /^(?:ham|no ?spam|non ?spam|not ?spam|legit|inbox)$/],
  [
    /^(?:normal|healthy|benign|ok|control|clean)$/,
    /^(?:abnormal|anomal(?:y|ous)|sick|disease|malignant|malware|malicious|defect|faulty|attack|patients?|broken)$/,
  ],
  [/^(?:yes|ja|oui|si)$/, /^(?:no|nein|non)$/],
  [
    /^(?:toxic|hate|offensive|sarcas(?:m|tic))$/,
    /^(?:non ?toxic|no ?hate|not? ?offensive|clean|normal|no ?sarcasm|not ?sarcastic)$/,
  ],
];

/** What is left of names without the words that all of them have: `pos` and `neg` of `rt-polarity.pos` and `rt-polarity.neg`. */
export function ownWords(names: readonly string[]): readonly string[] {
  const words = names.map((name) => name.split(/[-_. ]+/));
  const isShared = (word: string): boolean => words.every((each) => each.includes(word));
  return words.map((each) => each.filter((word) => !isShared(word)).join(' '));
}

/** Whether names are those of two kinds of classes that exclude each other, such as `pos` and `neg`, apart from words that all of them have. */
export function areOpposites(names: readonly string[]): boolean {
  const own = ownWords(names).map((name) => name.toLowerCase());
  return (
    own.length > 1 &&
    new Set(own).size === own.length &&
    OPPOSITES.some(([one, other]) => {
      const firsts = own.filter((name) => one.test(name)).length;
      const others = own.filter((name) => other.test(name)).length;
      return firsts > 0 && others > 0 && firsts + others === own.length;
    })
  );
}

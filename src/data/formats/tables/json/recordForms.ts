import type { JsonRecord } from '../reading/readJsonLines.ts';
import { listedChoices, type PlainRecords } from './listedChoices.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Fields of chats. */
export const CHATS = ['messages', 'conversations', 'conversation', 'dialog', 'dialogue', 'turns'];
/** So many answers that differ, and no more of their rows than this share, are classes. */
const MOST_ANSWERS = 200;
const MOST_DIFFERENT = 0.5;
const LONGEST_ANSWER = 60;
/** What intents are called, and what they are said with. */
const INTENT = /^(?:tag|intent|label|class|category|topic)$/i;
const SAYINGS = /^(?:patterns|examples|utterances|phrases|queries|questions|samples|texts|sentences)$/i;

/**
 * Rows of records whose samples and labels lie deeper than cells do: chats whose last answer is one of few, intents with lists of what is said for them, and
 * what people chose in Label Studio.
 *
 * @returns undefined for records of any other form, and for chats with an answer of its own for each
 */
export function plainRecords(file: string, records: readonly JsonRecord[]): PlainRecords | undefined {
  return chatRows(file, records) ?? intentRows(file, records) ?? listedChoices(file, records);
}

interface Message {
  readonly role: string;
  readonly text: string;
}

function chatRows(file: string, records: readonly JsonRecord[]): PlainRecords | undefined {
  const field = CHATS.find((name) => records.length > 0 && records.every(({ fields }) => messagesOf(fields[name])));
  if (field === undefined) return undefined;
  // Answers are not what is learned where there is a label beside the chat.
  const rows = records.map(({ line, fields }) => {
    const messages = messagesOf(fields[field]) ?? [];
    const last = messages.at(-1);
    const asked = messages.filter(({ role }) => /^(?:user|human|prompter)$/i.test(role)).map(({ text }) => text);
    const label = last && /^(?:assistant|gpt|bot|model|chatgpt)$/i.test(last.role) ? last.text.trim() : undefined;
    const { [field]: _, ...beside } = fields;
    return { line, beside, text: asked.join('\n'), whole: messages.map(({ text }) => text).join('\n'), label };
  });
  const answers = new Set(rows.map(({ label }) => label));
  const isClassified =
    !answers.has(undefined) &&
    answers.size > 1 &&
    answers.size <= Math.min(MOST_ANSWERS, rows.length * MOST_DIFFERENT) &&
    [...answers].every((answer) => (answer?.length ?? 0) <= LONGEST_ANSWER);
  if (isClassified) {
    return {
      records: rows.map(({ line, text, label }) => ({ line, fields: { text, label } })),
      note: `${file} holds chats whose last answer is one of ${answers.size}: the answers are the classes, and the text is what was asked.`,
    };
  }
  const hasLabel = records.every(({ fields }) => ['string', 'number', 'boolean'].includes(typeof fields['label']));
  if (!hasLabel) return undefined;
  return {
    records: rows.map(({ line, beside, whole }) => ({ line, fields: { text: whole, ...beside } })),
    note: `The messages of each chat in '${field}' of ${file} are one text.`,
  };
}

/** The messages of a chat; undefined for anything else. */
function messagesOf(value: unknown): readonly Message[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = (value as readonly unknown[]).flatMap((each): Message[] => {
    if (!isObject(each)) return [];
    const role = each['role'] ?? each['from'] ?? each['speaker'];
    const text = each['content'] ?? each['value'] ?? each['text'];
    return typeof role === 'string' && (typeof text === 'string' || text === null) ? [{ role, text: text ?? '' }] : [];
  });
  return messages.length === value.length ? messages : undefined;
}

function intentRows(file: string, records: readonly JsonRecord[]): PlainRecords | undefined {
  const [first] = records;
  const fields = Object.entries(first?.fields ?? {});
  const intent = fields.find(([name, value]) => INTENT.test(name) && typeof value === 'string')?.[0];
  const said = fields.find(([name, value]) => SAYINGS.test(name) && isTexts(value))?.[0];
  if (intent === undefined || said === undefined || records.length < 2) return undefined;
  const intents = records.map((record) => record.fields[intent]);
  if (new Set(intents).size < records.length || !records.every((record) => isTexts(record.fields[said])))
    return undefined;
  const rows = records.flatMap(({ line, fields: own }) => {
    const texts = own[said];
    return isTexts(texts) ? texts.map((text) => ({ line, fields: { text, [intent]: own[intent] } })) : [];
  });
  return {
    records: rows,
    note: `Each text of '${said}' in ${file} is a row, and '${intent}' beside it its class; other fields are not read.`,
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

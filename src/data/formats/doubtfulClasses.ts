import { alikeNames } from '../findings/alikeNames.ts';
import { warning, type Finding } from '../findings/finding.ts';
import { listOf } from '../findings/wording.ts';

/** Folders of somebody or of a part, which mostly are no classes: `Actor_01`, `fold 3`. */
const NUMBERED =
  /^(?:actors?|speakers?|subjects?|participants?|patients?|users?|sessions?|folds?|parts?|batch|chunks?)[-_ ]?\d+$/i;
/** Folders that are called like splits, with other words in front. */
const OF_SPLIT = /[-_ ](?:train|training|test|testing|val|valid|validation)$/i;
/** There are no more splits, and what goes with them. */
const MOST_SPLITS = 6;

/** Classes written in several ways that are told. */
const MOST_ALIKE = 5;

/** Warns of folders that are taken for classes and may be something else, by what they are called. */
export function doubtfulClasses(names: readonly string[]): readonly Finding[] {
  return [...doubtfulNames(names), ...alikeFolders(names)];
}

/** Tells of folders that may be one class: `Cat` and `cat`. */
function alikeFolders(names: readonly string[]): readonly Finding[] {
  return alikeNames(names)
    .slice(0, MOST_ALIKE)
    .map((alike) => {
      const message = `The folders ${listOf(alike)} differ only in how they are written; each is taken for a class of its own.`;
      return warning('dataset.path', message, 'Put their files into one folder if they are one class.');
    });
}

function doubtfulNames(names: readonly string[]): readonly Finding[] {
  const [first = ''] = names;
  if (names.length > 0 && names.every((name) => NUMBERED.test(name))) {
    const message = `The folders that are taken for classes are numbered, such as '${first}', as persons and parts are.`;
    const hint = 'If the classes are others, give a table with a column of paths and one of classes.';
    return [warning('dataset.path', message, hint)];
  }
  const splits = names.filter((name) => OF_SPLIT.test(name));
  if (splits.length === 0 || names.length > MOST_SPLITS) return [];
  const are = splits.length === 1 ? 'is called like a split and is' : 'are called like splits and are';
  const message = `${listOf(splits)} ${are} taken for ${splits.length === 1 ? 'a class' : 'classes'}, beside others.`;
  return [warning('dataset.path', message, 'Name the folder that has the folders of the classes.')];
}

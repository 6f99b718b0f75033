import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../../location.ts';
import type { Location } from '../../../source.ts';
import { folderOfSplit } from '../../splitNames.ts';
import { pairedFiles, type Pair, type Pairs } from './pairedFiles.ts';

/** Which file of samples or targets a split's folder has: `X_train.txt`, `y_test.txt`, and whose samples they are. */
const SAMPLES = /^x(?:[_ -][a-z]+)?\.(?:txt|csv|tsv|dat)$/i;
const TARGETS = /^y(?:[_ -][a-z]+)?\.(?:txt|csv|tsv|dat)$/i;
const GROUPS = /^(?:subjects?|groups?|persons?)(?:[_ -](?:id)?[_ -]?[a-z]+)?\.(?:txt|csv|tsv|dat)$/i;
/** Names of the columns, and of the classes, a number and a name in each line. */
const COLUMN_NAMES = /^(?:features?|columns?|feature[_ -]names)\.txt$/i;
const CLASS_NAMES = /^(?:[a-z]+[_ -])?(?:labels?|classes)(?:[_ -]names)?\.txt$/i;
const MOST_BYTES = 2 ** 20;

/**
 * Files of samples and of targets side by side: in a folder, or in those of the splits (`train/X_train.txt`, `train/y_train.txt`), which may lie in a folder
 * alone.
 *
 * @returns undefined where there are none
 * @throws BadInputError when a folder cannot be read
 */
export async function pairsAt(
  location: Location,
): Promise<{ readonly folder: string; readonly pairs: Pairs } | undefined> {
  const { folder, file, folders } = location;
  if (file !== undefined) return undefined;
  const own = pairedFiles(location);
  if (own) return { folder, pairs: own };
  const pairOf = async (name: string | undefined): Promise<Pair | undefined> => {
    if (name === undefined) return undefined;
    const { files } = await listFolder(join(folder, name));
    const [samples, second] = files.filter((each) => SAMPLES.test(each));
    const [targets, other] = files.filter((each) => TARGETS.test(each));
    if (samples === undefined || targets === undefined || second !== undefined || other !== undefined) return undefined;
    const groups = files.find((each) => GROUPS.test(each));
    return {
      samples: join(name, samples),
      targets: join(name, targets),
      ...(groups !== undefined && { groups: join(name, groups) }),
    };
  };
  const training = await pairOf(folderOfSplit(folders, 'training'));
  if (training) {
    const [validation, test] = [
      await pairOf(folderOfSplit(folders, 'validation')),
      await pairOf(folderOfSplit(folders, 'test')),
    ];
    const columnNames = await namesIn(location, COLUMN_NAMES);
    const classNames = await namesIn(location, CLASS_NAMES);
    return {
      folder,
      pairs: {
        training,
        ...(validation && { validation }),
        ...(test && { test }),
        ...(columnNames && { columnNames }),
        ...(classNames && { classNames }),
      },
    };
  }
  const [only, second] = folders;
  if (only === undefined || second !== undefined) return undefined;
  const inner = join(folder, only);
  const inside = { folder: inner, file: undefined, ...(await listFolder(inner)) };
  return inside.folders.length > 1 ? pairsAt(inside) : undefined;
}

/** What lines such as `1 WALKING` or `2 tBodyAcc-mean()-X` name, by the number; undefined where there is no such file. */
async function namesIn({ folder, files }: Location, called: RegExp): Promise<ReadonlyMap<string, string> | undefined> {
  const name = files.find((each) => called.test(each));
  if (name === undefined || (await stat(join(folder, name))).size > MOST_BYTES) return undefined;
  const names = new Map<string, string>();
  for (const line of (await readFile(join(folder, name), 'utf8')).split(/\r?\n/).filter((each) => each.trim() !== '')) {
    const [, number, word] = /^\s*(\d+)[\s:.,]+(\S.*?)\s*$/.exec(line) ?? [];
    if (number === undefined || word === undefined) return undefined;
    names.set(number, word);
  }
  return names;
}

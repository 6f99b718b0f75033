import { createReadStream } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { BadInputError, DistilleryError, reasonOf } from '../../errors.ts';
import { warning, type Finding } from '../findings/finding.ts';
import { pathProblem } from '../findings/problems.ts';
import { STORE_UNPACKED } from '../formats/unpackedSize.ts';
import { listFolder, locate } from '../location.ts';
import type { Location } from '../source.ts';
import { chooseMember, type Member } from './chooseMember.ts';
import { packingOf, refuseOtherPackings, unpackedName } from './packedNames.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporaryFolder.ts';
import { ArchiveDamage, UnpackingTarget } from './unpackingTarget.ts';
import { untar } from './untar.ts';
import { unzip } from './unzip.ts';

/** Archives within archives that are unpacked. */
const MOST_NESTED = 3;

/** What was packed, as if it had never been. */
export interface Unpacked {
  readonly location: Location;
  readonly findings: readonly Finding[];
  /** An error about what was unpacked, in terms of what the person has. */
  readonly reworded: (error: unknown) => unknown;
  /** Removes what was unpacked. */
  readonly remove: () => Promise<void>;
}

/**
 * Unpacks what a location points at: a file that is packed, or the packed tables of a folder. Undefined where nothing is packed.
 *
 * @param isData whether a file of this name, unpacked, would be a table
 * @param wanted the file in the archive that is meant, where a person says it
 * @throws BadInputError when an archive is damaged, would fill the disk, or lacks what is wanted
 */
export async function openPacked(
  location: Location,
  isData: (name: string) => boolean,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Unpacked | undefined> {
  const outer = await openOnce(location, { isData, wanted }, signal);
  let opened = outer;
  for (let depth = 1; opened && depth < MOST_NESTED; depth++) {
    const { location: packed, findings, remove, reworded } = opened;
    let inner: Unpacked | undefined;
    try {
      inner = await openOnce(packed, { isData, wanted: undefined }, signal);
    } catch (error) {
      await remove();
      throw reworded(error);
    }
    if (!inner) break;
    const { remove: removeInner, reworded: rewordedInner } = inner;
    opened = {
      location: { ...inner.location, archive: packed.archive ?? inner.location.archive },
      findings: [...findings, ...inner.findings],
      reworded: (error) => reworded(rewordedInner(error)),
      remove: async () => {
        await removeInner();
        await remove();
      },
    };
  }
  return opened;
}

interface Wishes {
  readonly isData: (name: string) => boolean;
  readonly wanted: string | undefined;
}

async function openOnce(
  location: Location,
  wishes: Wishes,
  signal: AbortSignal | undefined,
): Promise<Unpacked | undefined> {
  const { folder, file } = location;
  if (file !== undefined) refuseOtherPackings(file);
  const archive = archiveAt(location);
  const shards = archive === undefined ? shardsAt(location) : [];
  const tables = archive === undefined && shards.length === 0 ? packedTables(location, wishes.isData) : [];
  if (archive === undefined && shards.length + tables.length === 0) return undefined;
  const temporary = await makeTemporaryFolder();
  const place = join(temporary, archive ?? 'tables');
  const shown = archive === undefined ? folder : join(folder, archive);
  const reworded = (error: unknown): unknown => withoutPlace(error, place, shown);
  const remove = (): Promise<void> => removeTemporaryFolder(temporary);
  try {
    await mkdir(place);
    const opened =
      shards.length > 0
        ? await unpackShards(location, shards, place, signal)
        : archive === undefined
          ? await unpackTables(location, tables, place, wishes, signal)
          : await unpackArchive(folder, archive, place, wishes, signal);
    return { ...opened, reworded, remove };
  } catch (error) {
    await remove();
    throw reworded(error);
  }
}

/** The archive that a location is: the file that was named, or the only thing in a folder. */
function archiveAt({ file, files, folders }: Location): string | undefined {
  const [only, second] = file === undefined ? files : [file];
  const isAlone = second === undefined && (file !== undefined || folders.length === 0);
  return only !== undefined && isAlone && packingOf(only) !== undefined ? only : undefined;
}

/** The parts of a dataset that was divided into tar archives; empty where a folder has none, or anything else but texts about them. */
function shardsAt({ file, files, folders }: Location): readonly string[] {
  if (file !== undefined || folders.length > 0) return [];
  const shards = files.filter((name) => /\.(?:tar|tar\.gz|tgz)$/i.test(name));
  const others = files.filter((name) => !shards.includes(name) && !/\.(?:md|txt|json|ya?ml)$|^license$/i.test(name));
  return shards.length > 1 && others.length === 0 ? shards : [];
}

/** Unpacks each part into a folder of its own, called like it. */
async function unpackShards(
  { folder }: Location,
  shards: readonly string[],
  place: string,
  signal: AbortSignal | undefined,
): Promise<Member> {
  const findings: Finding[] = [];
  for (const name of shards) {
    const inside = join(place, unpackedName(name));
    await mkdir(inside);
    findings.push(...(await unpackFile(join(folder, name), name, inside, signal)));
  }
  return { location: await locate('.', place), findings };
}

/** The tables of a folder that are packed each for itself. */
function packedTables({ file, files, folders }: Location, isData: Wishes['isData']): readonly string[] {
  if (file !== undefined || folders.length > 1) return [];
  return files.filter((name) => packingOf(name) !== undefined && isData(unpackedName(name)));
}

async function unpackArchive(
  folder: string,
  archive: string,
  place: string,
  { isData, wanted }: Wishes,
  signal: AbortSignal | undefined,
): Promise<Member> {
  const findings = await unpackFile(join(folder, archive), archive, place, signal);
  const member = await chooseMember(place, archive, isData, wanted);
  // Images that a packed table names lie beside it.
  const imagesFolder = packingOf(archive) === 'gzip' ? folder : undefined;
  return {
    location: { ...member.location, archive, ...(imagesFolder !== undefined && { imagesFolder }) },
    findings: [...findings, ...member.findings],
  };
}

/** Unpacks tables into a folder, and puts those that are not packed beside them. */
async function unpackTables(
  { folder, files }: Location,
  packed: readonly string[],
  place: string,
  { isData }: Wishes,
  signal: AbortSignal | undefined,
): Promise<Member> {
  const findings: Finding[] = [];
  for (const name of files) {
    if (packed.includes(name)) findings.push(...(await unpackFile(join(folder, name), name, place, signal)));
    else if (isData(name)) await copyFile(join(folder, name), join(place, name));
  }
  return {
    location: { folder: place, file: undefined, ...(await listFolder(place)), imagesFolder: folder },
    findings,
  };
}

/** Unpacks a file into a folder. @throws BadInputError when it is damaged, or would fill the disk */
async function unpackFile(
  path: string,
  name: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  const { size, mtime } = await stat(path);
  const target = await UnpackingTarget.in(folder, size);
  try {
    switch (packingOf(name)) {
      case 'gzip':
        await target.write(unpackedName(name), mtime, () => createReadStream(path), createGunzip());
        break;
      case 'zip':
        await unzip(path, target, signal);
        break;
      case 'tar':
      case 'tar.gz':
        await untar(path, packingOf(name) === 'tar.gz', target, signal);
        break;
      case undefined:
        throw new TypeError(`${name} is not packed.`);
    }
  } catch (error) {
    if (error instanceof DistilleryError) throw error;
    throw new BadInputError([
      pathProblem(
        `${name} cannot be unpacked: ${error instanceof ArchiveDamage ? error.message : reasonOf(error)}.`,
        error instanceof ArchiveDamage ? STORE_UNPACKED : 'Fetch the file again.',
      ),
    ]);
  }
  if (target.passedOver === 0) return [];
  return [
    warning(
      'dataset.path',
      `Links and devices in ${name} are left out: ${target.passedOver}.`,
      'Pack the files that they lead to.',
    ),
  ];
}

/** An error that names what the person has instead of where it was unpacked. */
function withoutPlace(error: unknown, place: string, shown: string): unknown {
  if (!(error instanceof BadInputError)) return error;
  const reword = (text: string): string => text.replaceAll(place, shown);
  return new BadInputError(
    error.problems.map((problem) => ({
      ...problem,
      message: reword(problem.message),
      ...(problem.hint !== undefined && { hint: reword(problem.hint) }),
    })),
  );
}

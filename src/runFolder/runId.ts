import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The id of a run, which is also the name of its folder: local time and the experiment's name, such as
 * `2026-11-21T09-30-00-mnist-kd`. Ids sort by time, and hold only characters that every file system takes.
 */
export function newRunId(name: string, date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join('-');
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
  return [`${day}T${time}`, slug(name)].filter((part) => part !== '').join('-');
}

/**
 * The folder of a new run or search. Ids have the time to the second; those within one second are numbered.
 *
 * @param directory where the runs are
 * @param isTaken whether a folder is another run's
 */
export function newRunFolder(
  directory: string,
  name: string,
  isTaken: (folder: string) => boolean = existsSync,
): string {
  const first = join(directory, newRunId(name, new Date()));
  let folder = first;
  for (let number = 2; isTaken(folder); number++) folder = `${first}-${number}`;
  return folder;
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DistilleryError } from '../errors.ts';

/** A folder that tools read and write in, and never leave: by no path, and by no link. */
export class Workspace {
  /** Its real path. */
  readonly folder: string;

  /** @throws DistilleryError `FILE_NOT_FOUND` when there is no such folder */
  constructor(folder: string) {
    try {
      this.folder = realpathSync(folder);
    } catch (cause) {
      throw new DistilleryError('FILE_NOT_FOUND', `There is no folder '${folder}'.`, { cause });
    }
  }

  /**
   * The real path of something that is there.
   *
   * @param path from `base` on, or absolute
   * @throws DistilleryError `FILE_NOT_FOUND`, or `BAD_INPUT` when it lies outside, also by a link
   */
  existing(path: string, base: string = this.folder): string {
    const named = resolve(base, path);
    if (!existsSync(named)) {
      // What is outside must not even be found out to be absent.
      this.toWrite(named);
      throw new DistilleryError('FILE_NOT_FOUND', `There is nothing at '${path}'.`, {
        hint: `Name a path in '${this.folder}', relative to it or absolute.`,
      });
    }
    const real = realpathSync(named);
    this.#refuseOutside(path, real);
    return real;
  }

  /**
   * The path of something that is written, which may not be there yet.
   * @throws DistilleryError `BAD_INPUT` when it would lie outside, also by a link
   */
  toWrite(path: string): string {
    const named = resolve(this.folder, path);
    let ancestor = named;
    while (!existsSync(ancestor) && dirname(ancestor) !== ancestor) ancestor = dirname(ancestor);
    const real = join(realpathSync(ancestor), relative(ancestor, named));
    this.#refuseOutside(path, real);
    return real;
  }

  /** Whether a path lies in the folder, as it is written. */
  has(path: string): boolean {
    const way = relative(this.folder, path);
    return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  }

  /** A path as an agent names it: relative to the folder, with slashes. */
  name(path: string): string {
    return this.has(path) ? relative(this.folder, path).split(sep).join('/') || '.' : path;
  }

  /**
   * Refuses a folder in which a link leads outside, however deep.
   * @throws DistilleryError `BAD_INPUT` that names the link
   */
  async refuseLinksOut(folder: string): Promise<void> {
    for await (const { path, target } of this.#linksBelow(folder, new Set()))
      this.#refuseOutside(this.name(path), target);
  }

  /**
   * Refuses a file that names a link which leads outside, such as a table of images: by its path from the file's folder on.
   * @throws DistilleryError `BAD_INPUT` that names the link
   */
  async refuseNamedLinks(file: string): Promise<void> {
    const folder = dirname(file);
    let content: Buffer | undefined;
    for await (const { path, target } of this.#linksBelow(folder, new Set())) {
      if (this.has(target)) continue;
      content ??= await readFile(file);
      if (content.includes(relative(folder, path).split(sep).join('/'))) this.#refuseOutside(this.name(path), target);
    }
  }

  /** Every link below a folder and where it really leads, also below folders that links lead to. */
  async *#linksBelow(
    folder: string,
    seen: Set<string>,
  ): AsyncGenerator<{ readonly path: string; readonly target: string }> {
    if (seen.has(folder)) return;
    seen.add(folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* this.#linksBelow(path, seen);
      if (!entry.isSymbolicLink()) continue;
      const target = await realpath(path).catch(() => undefined);
      // A link to nothing is for whoever reads the folder to tell of.
      if (target === undefined) continue;
      yield { path, target };
      if (this.has(target)) yield* this.#linksBelow(target, seen);
    }
  }

  #refuseOutside(path: string, real: string): void {
    if (this.has(real)) return;
    const way = resolve(this.folder, path) === real ? 'lies' : `leads to '${real}',`;
    throw new DistilleryError('BAD_INPUT', `'${path}' ${way} outside of '${this.folder}'; that is refused.`, {
      hint: 'Copy what is needed into that folder, or start in a folder that holds it.',
    });
  }
}

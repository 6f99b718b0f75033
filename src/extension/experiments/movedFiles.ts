import { dirname, resolve, sep } from 'node:path';
import { mapPaths } from '../../experiment/pathFields.ts';
import type { PanelState } from '../../protocol/panel.ts';
import { toExperimentPath } from './drafts.ts';

/** A file or folder that is elsewhere now. */
export interface MovedFile {
  readonly from: string;
  readonly to: string;
}

/**
 * An experiment after files were renamed or moved: its file is the one that it is now, and what it names is named where it is.
 * @returns the very state where it is about none of them
 */
export function afterMove(state: PanelState, moves: readonly MovedFile[]): PanelState {
  const { draft, baseDirectory, file, runFolder } = state;
  const fileNow = file === undefined ? undefined : movedPath(file, moves);
  const directoryNow = fileNow === file || fileNow === undefined ? movedPath(baseDirectory, moves) : dirname(fileNow);
  const draftNow = mapPaths(draft, (path) => {
    const before = resolve(baseDirectory, path);
    const now = movedPath(before, moves);
    return now === before && directoryNow === baseDirectory ? path : toExperimentPath(directoryNow, now);
  });
  const now: PanelState = {
    draft: draftNow,
    baseDirectory: directoryNow,
    ...(fileNow !== undefined && { file: fileNow }),
    ...(runFolder !== undefined && { runFolder: movedPath(runFolder, moves) }),
  };
  return JSON.stringify(now) === JSON.stringify({ draft, baseDirectory, file, runFolder }) ? state : now;
}

/** An experiment after files were deleted: without its file it is one that is not saved yet, so that nothing of it is lost. */
export function afterDeletion(state: PanelState, deleted: readonly string[]): PanelState {
  const { file, ...unsaved } = state;
  return file !== undefined && deleted.some((path) => isIn(file, path)) ? unsaved : state;
}

function movedPath(path: string, moves: readonly MovedFile[]): string {
  const move = moves.find(({ from }) => isIn(path, from));
  return move ? move.to + path.slice(move.from.length) : path;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

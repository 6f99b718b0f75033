import * as z from 'zod';
import type { TabKind } from './keptTabs.ts';

/** What a tab shows that is about folders: those of compared runs, or that of a search. */
const folders = z.array(z.string()).min(1);

export type Folders = z.output<typeof folders>;

/** Tabs about folders. @param key where the window keeps them */
export function folderTabs(key: string): TabKind<Folders> {
  return { key, stateSchema: folders, isSameTab: (one, other) => one.join('\n') === other.join('\n') };
}

/** The folders that the webview of such a tab kept itself; undefined where it kept none. */
export function keptFolders(kept: unknown): Folders | undefined {
  return z.object({ folders }).safeParse(kept).data?.folders;
}

/** Whether two tabs are about the same folders, in whichever order they were chosen. */
export function hasSameFolders(one: Folders, other: Folders): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}

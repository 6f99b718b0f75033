import { setTimeout as wait } from 'node:timers/promises';
import type { TreeView } from 'vscode';

const LOOK_MS = 50;
/** Two seconds: a view that is drawn anew takes a moment. */
const MOST_LOOKS = 40;

/**
 * What is selected in a view, such as what was clicked. While a view is drawn anew as a whole, as it is when an entry comes or goes, VS Code knows
 * none of its elements, and tells that nothing is selected until it has asked for them again: that is waited for.
 * @param pause between two looks
 * @returns undefined where what was selected is not there any more
 */
export async function selectedIn<Node>(
  view: Pick<TreeView<Node>, 'selection'>,
  pause: () => Promise<unknown> = () => wait(LOOK_MS),
): Promise<Node | undefined> {
  for (let look = 0; look < MOST_LOOKS && view.selection.length === 0; look++) await pause();
  return view.selection[0];
}

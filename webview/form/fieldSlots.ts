import type { Problem } from '../../src/errors.ts';
import type { FieldSlot } from './formContext.ts';
import { closestPath, isWithin } from './paths.ts';
import { placeProblems } from './placeProblems.ts';

/** The fields that are shown, by their path: what they are told together, and which of them a problem is about. */
export class FieldSlots {
  readonly #slots = new Map<string, FieldSlot>();
  #isEnabled = true;

  register(path: string, slot: FieldSlot): void {
    this.#slots.set(path, slot);
  }

  forgetAll(): void {
    this.#slots.clear();
  }

  /** Forgets those of a part of the experiment, such as `student`. */
  forgetWithin(part: string): void {
    for (const path of this.#slots.keys()) if (isWithin(path, part)) this.#slots.delete(path);
  }

  /** Whether fields may be edited; undefined for those that were drawn since to be as the others. */
  setEnabled(isEnabled = this.#isEnabled): void {
    this.#isEnabled = isEnabled;
    for (const slot of this.#slots.values()) slot.setEnabled(isEnabled);
  }

  /** Path of the field that a problem is about; undefined where it is about none. */
  pathOf(where: string): string | undefined {
    return closestPath(where, new Set(this.#slots.keys()));
  }

  /**
   * Says at each field what is wrong there.
   * @param isShown whether problems of a field are told
   * @returns the paths of the fields where something is
   */
  showProblems(problems: readonly Problem[], isShown: (path: string) => boolean): readonly string[] {
    const placed = placeProblems(problems, new Set(this.#slots.keys()));
    const messages = new Map([...placed].filter(([path]) => isShown(path)));
    for (const [path, slot] of this.#slots) slot.setProblem(messages.get(path));
    return [...messages.keys()];
  }
}

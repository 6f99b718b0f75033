import { setAttributes } from '../dom.ts';

/** A control of the form, whichever library draws it. */
export interface Control<Value> {
  readonly element: HTMLElement;
  readonly setValue: (value: Value) => void;
  readonly setEnabled: (isEnabled: boolean) => void;
  /** Marks the value as wrong, with the reason; undefined when it is right. */
  readonly setProblem: (problem: string | undefined) => void;
}

/** What every control needs to be found and understood. */
export interface ControlOptions<Value> {
  readonly testId: string;
  /** Accessible name. The visible label stands beside the control. */
  readonly label: string;
  /** What the value means; shown beside the control, and read out after its name. */
  readonly description?: string;
  readonly onChange: (value: Value) => void;
}

/** Marks a control as wrong, with the reason in place of its description; undefined when it is right. */
export function markProblem(control: HTMLElement, problem: string | undefined, description: string | undefined): void {
  setAttributes(control, {
    'aria-invalid': problem === undefined ? undefined : 'true',
    'aria-description': problem ?? description,
  });
  control.classList.toggle('invalid', problem !== undefined);
}

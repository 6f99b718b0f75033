import { mkdtempSync, rmSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import * as z from 'zod';

/** What ONNX Runtime notes of a run: of every operator also which provider computed it. */
const profile = z.array(
  z.looseObject({
    cat: z.string().optional(),
    args: z
      .looseObject({ provider: z.string().optional(), op_name: z.string().optional() })
      .optional()
      .catch(undefined),
  }),
);

const CPU = 'CPUExecutionProvider';

/**
 * Finds out which operators of a session on a device are computed by the CPU nevertheless: those that its provider has no kernel for. Each
 * makes every run wait for copies, and nothing else tells of it. The first run is profiled, all others are not.
 */
export class PlacementProfile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'distillery-placement-'));

  /** Where a session that is to be profiled writes to. */
  get prefix(): string {
    return join(this.#folder, 'profile');
  }

  /**
   * Ends the profile, and removes it.
   * @returns the operators that the CPU computed, each once, in alphabetical order; nothing where the profile cannot be read
   */
  read(session: InferenceSession): readonly string[] {
    try {
      session.endProfiling();
      const [file] = readdirSync(this.#folder);
      const events = profile.safeParse(file && JSON.parse(readFileSync(join(this.#folder, file), 'utf8'))).data ?? [];
      const onCpu = events.flatMap(({ cat, args }) =>
        cat === 'Node' && args?.provider === CPU && args.op_name !== undefined ? [args.op_name] : [],
      );
      return [...new Set(onCpu)].sort();
    } catch {
      // Only a remark is lost.
      return [];
    } finally {
      this.dispose();
    }
  }

  /** Removes what was written. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

import * as z from 'zod';

/** The part of an experiment that names models. */
const modelsSchema = z.object({
  teacher: z
    .object({
      model: z.string().optional(),
      ensemble: z.array(z.object({ model: z.string().optional() })).optional(),
    })
    .nullish()
    .catch(undefined),
  student: z.object({ model: z.string().optional() }).optional().catch(undefined),
});

/** Models that an experiment begins with, as it names them: teachers, and the network that the student begins as. None of what is no experiment. */
export function namedModels(experiment: unknown): readonly string[] {
  const { teacher, student } = modelsSchema.safeParse(experiment).data ?? {};
  const named = [teacher?.model, ...(teacher?.ensemble ?? []).map(({ model }) => model), student?.model];
  return named.filter((model) => model !== undefined);
}

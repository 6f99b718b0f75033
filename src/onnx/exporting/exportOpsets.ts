/** Operator sets that graphs can be written in: the newest is the last whose operators are known to mean what they mean here. */
export const exportOpsets = { oldest: 13, newest: 24 } as const;

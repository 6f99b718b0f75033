/** SHA-256, in hexadecimal, of everything that a run is made from beside its experiment, by a name for people. */
export type RunInputs = Readonly<Record<string, string>>;

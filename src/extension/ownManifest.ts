/** A tool for language models, as package.json contributes it. */
export interface ContributedTool {
  readonly name: string;
  readonly displayName: string;
  readonly tags: readonly string[];
}

/** What of package.json the extension needs. The file is part of this program, so nobody else may have written another one. */
export interface OwnManifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly languageModelTools: readonly ContributedTool[];
  };
}

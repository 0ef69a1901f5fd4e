// What the shell is started with.

export interface ShellArguments {
  /** A project or a dataset folder. */
  readonly path: string | null;
  readonly isWithoutAcceleration: boolean;
}

/**
 * @param argv - of the process: the program, in a checkout the app's folder, then what the person gave. Chromium
 *   puts switches of its own anywhere among them.
 */
export function readShellArguments(argv: readonly string[], isPackaged: boolean): ShellArguments {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  return {
    path: (isPackaged ? words[0] : words[1]) ?? null,
    isWithoutAcceleration: argv.includes('--disable-gpu'),
  };
}

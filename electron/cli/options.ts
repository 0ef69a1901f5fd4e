// Options that many commands share, and how their texts become values.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

export interface CommonOptions {
  json?: boolean;
  quiet?: boolean;
}

export interface ProjectOptions extends CommonOptions {
  project: string;
}

export function withOutputOptions(command: Command): Command {
  return command.option('--json', 'one JSON document on stdout').option('--quiet', 'no progress, no notices');
}

export function withProject(command: Command): Command {
  return withOutputOptions(command.requiredOption('--project <file>', 'the project, a .earmark file'));
}

/** A whole number, at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`a whole number from ${least} up is expected`);
    return value;
  };
}

/** The name of an option as it is written, of the name of its field: `minDist` is `--min-dist`. */
export function optionName(field: string): string {
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Gathers `key=value` options that are given several times. */
export function keyValue(text: string, gathered: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('name=value is expected');
  return { ...gathered, [text.slice(0, at)]: text.slice(at + 1) };
}

export function repeated(text: string, gathered: string[] = []): string[] {
  return [...gathered, text];
}

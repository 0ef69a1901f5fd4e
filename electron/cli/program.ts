// All commands of the command line, joined. A command is a file in commands/ and a line here.
import { Command, CommanderError } from 'commander';
import { EarmarkError } from '../../shared/errors.ts';
import { addArrayCommands } from './commands/arrays.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addClipsCommand } from './commands/clips.ts';
import { addDecisionCommands } from './commands/decisions.ts';
import { addEmbeddingCommands } from './commands/embeddings.ts';
import { addExportCommand } from './commands/export.ts';
import { addFlagsCommand } from './commands/flags.ts';
import { addImportCommand } from './commands/import.ts';
import { addMetricsCommand } from './commands/metrics.ts';
import { addModelCommands } from './commands/models.ts';
import { addPredictionsCommand } from './commands/predictions.ts';
import { addProjectCommands } from './commands/project.ts';
import { addServeCommand } from './commands/serve.ts';
import { Outcome } from './outcome.ts';
import { exitCodes, Output } from './output.ts';
import { version } from './paths.ts';

/** Runs one command line (without `node` and the script's name) and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const outcome = new Outcome();
  const program = new Command('earmark')
    .description('Find what is wrong with a speech dataset, see where a model fails, decide, fix, give out.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  addImportCommand(program, outcome);
  addProjectCommands(program, outcome);
  addClipsCommand(program, outcome);
  addBackupCommands(program, outcome);
  addPredictionsCommand(program, outcome);
  addMetricsCommand(program, outcome);
  addModelCommands(program, outcome);
  addEmbeddingCommands(program, outcome);
  addFlagsCommand(program, outcome);
  addDecisionCommands(program, outcome);
  addExportCommand(program, outcome);
  addServeCommand(program, outcome);
  addArrayCommands(program, outcome);
  try {
    await program.parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    const output = new Output({ json: args.includes('--json') });
    // Called without a command: commander has shown the help already.
    if (error.code === 'commander.help' && !output.isJson) return exitCodes.usage;
    return output.error(new EarmarkError('usage/arguments', usageSentence(error)));
  }
}

/** Commander's words as sentences. */
function usageSentence({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'No command was given. See earmark --help.';
  const words = message.replace(/^error: /, '').replace(/\.$/, '');
  return `${words.replace(/(^|\. )[a-z]/g, (start) => start.toUpperCase())}. See earmark --help.`;
}

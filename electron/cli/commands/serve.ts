// earmark serve [--project P]
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { startServe } from '../../serve/serve.ts';
import { type CommonOptions, wholeNumber, withOutputOptions } from '../options.ts';
import type { Outcome } from '../outcome.ts';

interface ServeFlags extends CommonOptions {
  project?: string;
  port?: number;
  host?: string;
  root?: string[];
}

export function addServeCommand(program: Command, outcome: Outcome): void {
  withOutputOptions(program.command('serve').description('the studio in a browser'))
    .option('--project <path>', 'open this project, or import this dataset folder')
    .option('--port <n>', 'port; a free one when not given', wholeNumber(0))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--root <folder...>', 'folders that the folder picker may show; everything when not given')
    .action((flags: ServeFlags) =>
      outcome.run(flags, async (output) => {
        const served = await startServe({
          ...(flags.project === undefined ? {} : { projectOrFolder: resolve(flags.project) }),
          ...(flags.port === undefined ? {} : { port: flags.port }),
          ...(flags.host === undefined ? {} : { host: flags.host }),
          ...(flags.root === undefined ? {} : { allowedRoots: flags.root.map((root) => resolve(root)) }),
          notice: (sentence) => output.notice(sentence),
        });
        try {
          await served.opened;
        } catch (error) {
          await served.close();
          throw error;
        }
        const ended = new Promise<void>((done) => {
          process.once('SIGINT', done);
          process.once('SIGTERM', done);
        });
        output.result(
          { url: served.url },
          () => `Earmark is open at ${served.url}\nThe address works once, in one browser. Ctrl+C ends it.`,
        );
        await ended;
        await served.close();
      }),
    );
}

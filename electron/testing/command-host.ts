// A process that runs command lines of tests one after the other, as main.ts would, and sends back what each printed:
// starting a process for each takes most of the time of a small command.
import { runCommandLine } from '../cli/program.ts';
import type { CommandOutcome } from './command.ts';

/** What is written to a stream from now on, until the returned function gives it back. */
function captured(stream: NodeJS.WriteStream): () => string {
  const write = stream.write;
  let text = '';
  stream.write = ((chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    return true;
  }) as typeof stream.write;
  return () => {
    stream.write = write;
    return text;
  };
}

async function run(args: readonly string[]): Promise<CommandOutcome> {
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  const exitCode = await runCommandLine(args);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

let last: Promise<unknown> = Promise.resolve();
process.on('message', ({ id, args }: { id: number; args: string[] }) => {
  last = last
    .then(() => run(args))
    .then((outcome) => process.send?.({ id, outcome }))
    .catch((error: unknown) => process.send?.({ id, error: String(error) }));
});

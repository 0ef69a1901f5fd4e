// How a command ends: its exit code, carried out of commander's actions.
import { exitCodes, Output } from './output.ts';

/** What a command's action returns: its exit code, when it is not 0. */
type Action = (output: Output) => Promise<number> | Promise<void>;

/** Carries the outcome out of commander's actions. */
export class Outcome {
  code = 0;

  async run(options: { json?: boolean; quiet?: boolean }, action: Action): Promise<void> {
    const output = new Output(options);
    try {
      this.code = (await action(output)) ?? exitCodes.done;
    } catch (error) {
      this.code = output.error(error);
    }
  }
}

// What is wrong with a filter expression, where, and what could stand there instead.
import { EarmarkError } from '../errors.ts';
import type { Span } from './ast.ts';
import type { Expectation } from './expectation.ts';

/** An expected failure: it travels like every EarmarkError, with position, length and expected in its details. */
export class FilterError extends EarmarkError {
  /** Start in the text, UTF-16 units; the text's length when the text ends too early. */
  readonly position: number;
  readonly length: number;
  /** What could stand here, as a person would type or name it. */
  readonly expected: readonly string[];
  /** What the parser was waiting for; completion reads it. */
  readonly expectation: Expectation | null;

  constructor(
    message: string,
    span: Span,
    expected: readonly string[] = [],
    expectation: Expectation | null = null,
  ) {
    super('filter/invalid', message, {
      position: span.position,
      length: span.length,
      expected: [...expected],
    });
    this.name = 'FilterError';
    this.position = span.position;
    this.length = span.length;
    this.expected = expected;
    this.expectation = expectation;
  }
}

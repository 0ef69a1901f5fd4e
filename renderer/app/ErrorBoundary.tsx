// One per view: a bug in one view leaves the others, the player and the decisions standing.
import { Component, type ReactNode } from 'react';
import { ErrorNotice } from '../ui/index.ts';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <ErrorNotice
        title={`${this.props.name} could not be shown`}
        error={{
          code: 'internal',
          message: `${error.message}. Your data and decisions are unharmed; the other views work. Try again, or copy the details for a report.`,
          details: { stack: error.stack ?? '' },
        }}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}

// The open project in memory: columns, filters as bit sets, orders.
export type { CodeColumn, Column, NumberColumn } from './columns.ts';
export { compareNaturally } from './natural-order.ts';
export { termOf } from './order.ts';
export { matchingRows, orderedRows, selectedRows } from './queries.ts';
export { RunColumns } from './run-columns.ts';
export { columnOf } from './terms.ts';
export { type ProbabilityMatrix, type RunInput, WorkingSet, type WorkingSetInput } from './working-set.ts';

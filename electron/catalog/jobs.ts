// Jobs as they were last known, so that a crash leaves `interrupted` ones that can be resumed. Each is owned by the
// process that runs it; only jobs of processes that are gone become interrupted.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { quietTransaction, type ReadableCatalog, sql, type WritableCatalog } from './handle.ts';
import type { JobRecord } from './records.ts';

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Tells two processes of the same number apart; empty where the system does not say. */
  readonly start: string;
}

const columns = 'id, kind, title, state, params, summary, error, result, failures, started_at, ended_at';

/** Stores a job, or its new state. This process becomes its owner. */
export function saveJob(catalog: WritableCatalog, job: JobRecord): void {
  quietTransaction(catalog, () => {
    sql(
      catalog,
      `INSERT OR REPLACE INTO jobs (${columns}, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      job.id,
      job.kind,
      job.title,
      job.state,
      json(job.params),
      job.summary,
      job.error === null ? null : json(job.error),
      json(job.result),
      json(job.failures),
      job.startedAt,
      job.endedAt,
      json(thisProcess()),
    );
  });
}

/** All jobs, newest first. */
export function listJobs(catalog: ReadableCatalog): JobRecord[] {
  return sql(catalog, `SELECT ${columns} FROM jobs ORDER BY started_at DESC, id DESC`).all().map(toJob);
}

/** Forgets a job; false when there was none of that id. */
export function deleteJob(catalog: WritableCatalog, id: string): boolean {
  return quietTransaction(catalog, () => sql(catalog, 'DELETE FROM jobs WHERE id = ?').run(id).changes === 1);
}

/** Marks queued and running jobs whose process is gone; gives those that were marked. */
export function markInterrupted(catalog: WritableCatalog): JobRecord[] {
  return quietTransaction(catalog, () => {
    const rows = sql(
      catalog,
      `SELECT ${columns}, owner FROM jobs WHERE state IN ('queued', 'running')`,
    ).all();
    const gone = rows.filter((row) => !mayBeAlive(JSON.parse(row[11] as string) as Owner, row[9] as string));
    const now = new Date().toISOString();
    return gone.map((row) => {
      const job = toJob(row);
      sql(catalog, `UPDATE jobs SET state = 'interrupted', ended_at = ? WHERE id = ?`).run(now, job.id);
      return { ...job, state: 'interrupted', endedAt: now };
    });
  });
}

const forgottenAfterMs = 7 * 24 * 3600 * 1000;

function mayBeAlive(owner: Owner, startedAt: string): boolean {
  // Another computer's processes cannot be seen; a job that old has no process any more.
  if (owner.host !== hostname()) return Date.now() - Date.parse(startedAt) < forgottenAfterMs;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it is there, but another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processStart(owner.pid) === owner.start;
}

function thisProcess(): Owner {
  return { host: hostname(), pid: process.pid, start: processStart(process.pid) };
}

/** Boot and clock ticks at which a process started (Linux, proc(5) field 22); empty elsewhere. */
function processStart(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in parentheses that may hold anything, parentheses too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process that its parent has not fetched yet runs no more.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}

function json(data: unknown): string {
  return JSON.stringify(data ?? null);
}

function toJob(row: readonly unknown[]): JobRecord {
  const [id, kind, title, state, params, summary, error, result, failures, startedAt, endedAt] = row as [
    string,
    string,
    string,
    string,
    string,
    string | null,
    string | null,
    string,
    string,
    string,
    string | null,
  ];
  return {
    id,
    kind,
    title,
    state,
    params: JSON.parse(params) as unknown,
    summary,
    error: error === null ? null : (JSON.parse(error) as JobRecord['error']),
    result: JSON.parse(result) as unknown,
    failures: JSON.parse(failures) as FileFailure[],
    startedAt,
    endedAt,
  };
}

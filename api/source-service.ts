import type { Page } from '../store/cursor.ts'
import type { SourceLetterRow } from '../store/dead-letters.ts'
import type { SourceUserRow, UnmappedRow } from '../store/source-records.ts'

/** What is known of a source. Times are epoch ms. */
export interface SourceReport {
  readonly name: string
  readonly adapter: string
  /** Tenant of all its rows; null when they name theirs. */
  readonly org_uid: string | null
  readonly way_in: 'kafka' | 'http' | 'folder' | 'pull' | null
  /** How the pulling of its API is doing; null for a source that is not pulled. */
  readonly pull: SourcePull | null
  /** Why its folder cannot be read, as a code, and since when; null when it can, and without a folder. */
  readonly folder_failure: { readonly failure: string; readonly since: number } | null
  /** Users that the user map knows; null without one. */
  readonly mapped_users: number | null
  readonly last_arrival: number | null
  readonly last_event_time: number | null
  /** Usual hours gone by without a row; null while the habit is not known. */
  readonly silent_hours: number | null
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: Readonly<Record<string, number>>
  readonly rejected: Readonly<Record<string, number>>
}

/** Times are epoch ms. */
export interface SourcePull {
  readonly pulling: boolean
  readonly last_success: number | null
  /** A code of a bounded set. */
  readonly last_failure: { readonly failure: string; readonly at: number } | null
  readonly failures: number
  readonly next_pull: number | null
}

export interface SourceDetails extends SourceReport {
  readonly dead_letters: number
  /** Those whose row is kept, so that they can be read again. */
  readonly dead_letters_kept: number
  readonly files: Readonly<Record<string, number>>
  /** The last ones that could not be taken to their end. */
  readonly set_aside: readonly {
    readonly name: string | null
    readonly reason: string | null
    readonly updated_at: number
    readonly records: number
  }[]
}

export interface SourceAnswer {
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: Readonly<Record<string, number>>
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

/** How far an imported file has come, and how its records are to be cut. */
export interface ImportState {
  readonly pieces: number
  readonly records: number
  readonly done: boolean
  readonly adapter: string
  readonly format: string
  readonly encoding: string
  readonly delimiter: string
}

export interface ImportPart {
  readonly file_uid: string
  /** Pieces that came before these. */
  readonly first: number
  readonly last: boolean
  readonly format: 'csv' | 'json'
  readonly delimiter: string
  readonly body: Buffer
}

export type ImportOutcome =
  | { readonly kind: 'taken'; readonly answer: SourceAnswer; readonly state: Pick<ImportState, 'pieces' | 'records'> }
  /** The part does not follow on what is stored. */
  | { readonly kind: 'out_of_step'; readonly pieces: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unreadable' }

export interface RetryAnswer {
  readonly retried: number
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: number
  readonly rejected: number
}

/** The configured sources; null stands for one that does not exist. */
export interface SourceService {
  /** Tenant and way in, for the routes to decide by. */
  find(name: string): Pick<SourceReport, 'name' | 'org_uid' | 'way_in'> | null
  list(): Promise<readonly SourceReport[]>
  get(name: string): Promise<SourceDetails | null>
  unmapped(name: string): Promise<readonly UnmappedRow[]>
  /** Who the users of its CRM are, as handed in over HTTP. */
  users(name: string): Promise<readonly SourceUserRow[]>
  /** Replaces them all; a reason names lines and columns, never what stands in them. */
  putUsers(
    name: string,
    format: 'csv' | 'json',
    body: Buffer,
  ): Promise<{ readonly ok: true; readonly users: number } | { readonly ok: false; readonly reason: string }>
  letters(name: string, bodyLength: number, cursor: string | null, limit: number): Promise<Page<SourceLetterRow>>
  /** Null while another call is under way. */
  retry(name: string): Promise<RetryAnswer | null>
  /** Null when it holds more than `mostRecords`; resolves after the commit. */
  take(name: string, format: 'csv' | 'json', body: Buffer, mostRecords: number): Promise<SourceAnswer | null>
  importState(name: string, file_uid: string): Promise<ImportState>
  importPart(name: string, part: ImportPart): Promise<ImportOutcome>
}

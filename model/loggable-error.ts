import { errorCode } from './error-code.ts'

/** What may be logged of an error. */
export interface LoggableError {
  readonly type: string
  readonly code?: string
  readonly message: string
  /** Where it was thrown, the innermost first. */
  readonly frames: readonly string[]
}

const MOST_FRAMES = 12
/** How DuckDB's messages begin, such as `Invalid Input Error: `. */
const DUCKDB = /^[A-Z][A-Za-z]*(?: [A-Za-z]+)* Error: /
/** What files it could not use, and why, is the operator's to know; of rows these say nothing. */
const ABOUT_FILES = /^IO Error: /
/** From here on a message can have the value, or the statement, that was not taken. */
const QUOTATION = /\bInput: |\bLINE \d+:|["'`]/

/** An error without the values that it may quote: those are people's, and neither the log nor standard error may have them. */
export function loggableError(error: unknown): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', frames: [] }
  const frames = (error.stack ?? '').replace(error.message, '').split('\n')
  return {
    type: error.name,
    code: errorCode(error) ?? undefined,
    message: messageOf(error),
    frames: frames.filter((line) => line.startsWith('    at ')).slice(0, MOST_FRAMES),
  }
}

/** JSON.parse quotes as DuckDB does. What crmwatch and the system say of themselves stays whole. */
function messageOf(error: Error): string {
  const { message } = error
  const quotes = error instanceof SyntaxError || (DUCKDB.test(message) && !ABOUT_FILES.test(message))
  const end = quotes ? message.search(QUOTATION) : -1
  return end < 0 ? message : `${message.slice(0, end).trimEnd()} …`
}

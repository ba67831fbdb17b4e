import type { Output } from './output.ts'

export interface ProgressOptions {
  readonly label: string
  /** What is counted, such as `events`. */
  readonly unit: string
  /** How many there will be; null when nobody knows. */
  readonly total: number | null
  readonly stream: Output
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
}

/** Shows how far a long job is: one line redrawn on a terminal, a line now and then elsewhere. Sets no timers. */
export interface Progress {
  /**
   * `done` is the count so far, not an increment. `share` from 0 to 1 is how far the job is, where that is known by other
   * means than a total.
   */
  update(done: number, share?: number): void
  /** Draws the final state and ends the line. */
  finish(done: number): void
}

/** How far a job is, and how long the rest takes at this rate; null while nothing tells. */
interface TimeLeft {
  readonly share: number
  readonly ms: number | null
}

const REDRAW_MS = 100
const SPARSE_MS = 10_000
const BAR_COLUMNS = 24
const DEFAULT_COLUMNS = 80

export function createProgress(options: ProgressOptions): Progress {
  const { stream, now } = options
  const isTerminal = stream.isTTY === true
  const startedAt = now()
  let shownAt: number | null = null
  /** The first share told, and when: a job that goes on where it was left has not earned what was there. */
  let first: { readonly share: number; readonly at: number } | null = null
  const leftOf = (share: number | undefined): TimeLeft | null => {
    if (share === undefined) return null
    first ??= { share, at: now() }
    const gained = share - first.share
    return { share, ms: gained > 0 ? ((now() - first.at) * (1 - share)) / gained : null }
  }
  const show = (done: number, finished: boolean, left: TimeLeft | null = null) => {
    shownAt = now()
    const line = formatProgress(options, done, shownAt - startedAt, finished, isTerminal, left)
    if (!isTerminal) stream.write(`${line}\n`)
    else stream.write(`\r\x1b[2K${line.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1)}${finished ? '\n' : ''}`)
  }
  return {
    update(done, share) {
      const left = leftOf(share)
      const since = shownAt ?? (isTerminal ? Number.NEGATIVE_INFINITY : startedAt)
      if (now() - since >= (isTerminal ? REDRAW_MS : SPARSE_MS)) show(done, false, left)
    },
    finish: (done) => show(done, true),
  }
}

function formatProgress(
  { label, unit, total }: ProgressOptions,
  done: number,
  elapsedMs: number,
  finished: boolean,
  withBar: boolean,
  left: TimeLeft | null,
): string {
  const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0
  const rate = `${count(Math.round(perSecond))} ${unit}/s`
  if (finished) return `${label}: ${count(done)} ${unit} in ${taken(elapsedMs)}, ${rate}`
  if (left !== null) {
    const time = left.ms === null ? '' : `, ${duration(left.ms)} left`
    return `${label}:${barOf(left.share, withBar)} ${count(done)} ${unit}, ${rate}${time}`
  }
  if (total === null || total <= 0) return `${label}: ${count(done)} ${unit}, ${rate}`
  const share = Math.min(1, done / total)
  const time = perSecond > 0 ? `, ${duration((Math.max(0, total - done) / perSecond) * 1000)} left` : ''
  return `${label}:${barOf(share, withBar)} ${count(done)} of ${count(total)} ${unit}, ${rate}${time}`
}

/** ` [####....] 43 %,` */
function barOf(share: number, withBar: boolean): string {
  const filled = Math.floor(share * BAR_COLUMNS)
  const bar = withBar ? ` [${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}]` : ''
  return `${bar} ${Math.floor(share * 100)} %,`
}

/** 1234567 as `1,234,567`, the same on every machine. */
const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

/** As duration(), but of short times so exact that the rate follows from what is shown. */
function taken(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : duration(milliseconds)
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

import type { Output } from '../../cli/output.ts'
import type { RemoteAnswer } from './import-client.ts'

/** What an import has come to so far. */
export interface ImportTotal {
  /** Rows sent, whatever became of them. */
  readonly rows: number
  add(file: string, answer: RemoteAnswer): void
  summary(): string
}

const SHOWN_REJECTS = 20
const SHOWN_TYPES = 20

/** Adds the service's answers up; the first refused rows are told as they come. */
export function createImportTotal(stderr: Output): ImportTotal {
  const total = { accepted: 0, duplicates: 0, rejected: 0, ignored: new Map<string, number>() }
  let shown = 0
  let rows = 0
  const ignoredRows = () => [...total.ignored.values()].reduce((all, n) => all + n, 0)
  return {
    get rows() {
      return rows
    },
    add(file, { accepted, duplicates, ignored, rejected }) {
      total.accepted += accepted
      total.duplicates += duplicates
      total.rejected += rejected.length
      rows += accepted + duplicates + rejected.length
      for (const [type, n] of Object.entries(ignored)) {
        total.ignored.set(type, (total.ignored.get(type) ?? 0) + n)
        rows += n
      }
      for (const { line, reason } of rejected) {
        if (shown++ < SHOWN_REJECTS) stderr.write(`${file}: record ${line}: ${reason}\n`)
      }
    },
    summary() {
      const types = [...total.ignored].sort(([, m], [, n]) => n - m)
      const lines = types.slice(0, SHOWN_TYPES).map(([type, n]) => `  ${printable(type)}: ${n}\n`)
      const others = types.length > SHOWN_TYPES ? `  ${types.length - SHOWN_TYPES} other types\n` : ''
      const sums = `${total.accepted} accepted, ${total.duplicates} duplicates, ${ignoredRows()} ignored, ${total.rejected} refused`
      return `${sums}\n${lines.join('')}${others}`
    },
  }
}

/** A log's own word, fit for a terminal. */
const printable = (type: string): string => type.replaceAll(/[^\p{L}\p{N} _.,:/()+-]/gu, '?').trim() || '(none)'

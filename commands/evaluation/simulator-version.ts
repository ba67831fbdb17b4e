import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
/** What a prepared data set depends on, besides its options. */
const SOURCES = ['fixtures/simulator', 'store', 'store/migrations']

/** A text that changes when the code does that makes and stores simulated events. */
export function simulatorVersion(): string {
  const hash = createHash('sha256')
  for (const folder of SOURCES) {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(ROOT, folder, entry.name)))
    }
  }
  return hash.digest('hex')
}
